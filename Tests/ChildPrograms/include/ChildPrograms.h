#ifndef CHILD_PROGRAMS_H
#define CHILD_PROGRAMS_H

/// Starts a program in a terminal of its own, in a folder.
/// Returns its process number and the other end of the terminal, or a negated errno value.
int pty_spawn(char *const words[], char *const environment[], const char *folder, int columns, int rows, int *other_end);

/// Starts a program in a folder, with these descriptors as its standard ones and no other.
/// Returns its process number, or a negated errno value.
int child_spawn(char *const words[], char *const environment[], const char *folder, int input, int output, int errors);

#endif
