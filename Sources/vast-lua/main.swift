import Glibc

// A plain synchronous main: starting Swift's concurrency and the command parser would cost more than a short script.
exit(Program(CommandWords.ofProcess()).run().rawValue)
