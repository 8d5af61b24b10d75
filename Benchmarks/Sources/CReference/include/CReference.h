#ifndef CREFERENCE_H
#define CREFERENCE_H
/// Runs `source` in a plain Lua state that has `add` and `row` in C, and gives the number that it returns.
double reference_run(const char *source);
#endif
