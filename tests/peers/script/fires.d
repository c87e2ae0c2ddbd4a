provider fires {
	probe text(const char *greeting, const char *odd);
	probe numbers(int minus, unsigned int large, long long longest,
	              unsigned long long widest);
	probe small__numbers(signed char small, unsigned char byte, short middle);
	probe counted(const char *bytes, int bytes_len);
	probe nothing();
	probe many__texts(const char *first, const char *second, const char *third,
	                  const char *last);
	probe two__sites(int number, const char *string);
};
