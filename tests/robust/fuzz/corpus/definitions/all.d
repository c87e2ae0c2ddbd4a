#pragma D attributes x
/* c */ typedef struct a { int b; } a_t; // d
provider p { probe n(struct proc *p : procinfo_t *, void (*f)(int, char *), char *v[3]); };