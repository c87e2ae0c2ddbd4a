provider python { probe gc__start(int); probe function__entry(const char *, const char *, int); };
