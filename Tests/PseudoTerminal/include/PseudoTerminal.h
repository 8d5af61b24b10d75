#ifndef PSEUDO_TERMINAL_H
#define PSEUDO_TERMINAL_H

/// Starts a program in a terminal of its own, in a folder.
/// Returns its process number and the other end of the terminal, or a negated errno value.
int pty_spawn(char *const words[], char *const environment[], const char *folder, int columns, int rows, int *other_end);

#endif
