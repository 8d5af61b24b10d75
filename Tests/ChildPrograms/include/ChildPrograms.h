#ifndef CHILD_PROGRAMS_H
#define CHILD_PROGRAMS_H

/// Starts a program in a terminal of its own, in a folder.
/// Returns its process number and the other end of the terminal, or a negated errno value.
int pty_spawn(char *const words[], char *const environment[], const char *folder, int columns, int rows, int *other_end);

/// Starts a program in a folder, with these descriptors as its standard ones and no other.
/// Returns its process number, or a negated errno value.
int child_spawn(char *const words[], char *const environment[], const char *folder, int input, int output, int errors);

/// What a process tries that is confined as that of a restricted script is: how many things, and their names. The first five have
/// to work.
int vast_test_attempt_count(void);
const char *vast_test_attempt_name(int index);

/// Tries everything in a process of its own, confined by landlock up to a version (0: not at all) and by seccomp (0: not).
/// In `folder`, which may be read, is a file `inside`; `other` is a file that may not be read.
/// Returns 0, or the errno value of confining; for each attempt the errno value that it ended with, 0 where it worked.
int vast_test_confined(int landlock, int filter, const char *folder, const char *other, int results[]);

#endif
