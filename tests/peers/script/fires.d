provider fires {
	probe text(const char *greeting, const char *odd);
	probe numbers(int minus, unsigned int large, long long longest,
	              unsigned long long widest);
	probe small__numbers(signed char small, unsigned char byte, short middle);
	probe counted(const char *bytes, int bytes_len);
	probe nothing();
	probe many__texts(const char *first, const char *second, const char *third,
	                  const char *last);
	probe many__counted(const char *one, int one_len, const char *two, int two_len,
	                    const char *three, int three_len, const char *four, int four_len);
	probe two__sites(int number, const char *string);
};
