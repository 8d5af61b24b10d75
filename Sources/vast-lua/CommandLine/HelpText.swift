import VastLua

/// What `--help` and `--version` show.
enum HelpText {
    static let version = "vast-lua \(Runtime.version) (Lua 5.4)"

    static let text = """
        usage: vast-lua [options] [script [args]]
               vast-lua plan SCRIPT [-o FILE] | apply FILE | history [RUN] | undo RUN | freeze [REASON] | thaw
               vast-lua ls [QUERY] | explain ID [SCRIPT] | sample | record FILE | backtest SCRIPT | next | simulator | doctor | check | state
               vast-lua types [DIR]
               (each with --help)

        Runs a Lua 5.4 script with the global `vast`, which automates instances rented on Vast.ai.
        Without a script: standard input, or on a terminal a prompt, which plans changes and sends none until
        vast.live(). `-` is standard input.

        as in lua:
          -e STAT                  runs STAT
          -l MOD, -l NAME=MOD      requires MOD into the global of that name
          -i                       a prompt after the script
          -v                       shows the version
          -E                       ignores LUA_INIT, LUA_PATH and LUA_CPATH
          -W                       shows warnings
          --                       ends the options

        the service:
          --simulator[=FLEET]      the embedded simulated service instead of the real one; no key is needed
          --simulator=[FLEET]:NAME the same, as a world that goes on from run to run
          --simulator-speed N      how many seconds pass there in one (600)
          --simulator-seed N       what is random there (1)
          --url URL                another server (VAST_URL, https://console.vast.ai)
          --pacing documented|none how requests are spaced before any was refused (documented)
          --insecure               sends the key over plain http to other machines too

        what may be changed (ceilings over vast.guard in the script):
          -n, --dry-run            changes nothing, shows what would be changed
          --live                   a prompt sends changes from the start
          --max-stops N, --max-starts N, --max-labels N, --max-reboots N, --max-changes N, …
          --max-fraction F         the part of what is on that may be interrupted, 0 to 1
          --max-rate-added RATE    what starts may add, in $/h
          --keep-at-least N        so many instances stay on
          --protect GLOB           leaves instances with such labels alone; may be given several times
          --allow-destroy, --allow-recycle, --allow-raw
          --accept WORDS           goes on although a reading is doubtful: incomplete, halved, no-utilization, clock

        the run:
          --confirm LENGTH         how long to wait at the end for changes to be seen (2m)
          --lock-wait LENGTH       waits for another run of the same script (default: ends at once, exit code 7)
          --once                   runs every job once, then ends
          --grace LENGTH           how long the end may take after SIGINT or SIGTERM (10s)
          --restricted             a script from somebody else: in a process of its own, without files, keys and commands
          --time-limit LENGTH      ends the script after that time, with exit code 124
          --memory-limit SIZE      the most that Lua may hold, such as 64M
          --log-level LEVEL        trace, debug, info, notice, warning, error, critical (info)
          --log-format text|json   the form of log lines
          --log-file PATH          appends log lines to a file instead of standard error
          --quiet                  only errors
          --no-color               no colours (nor when NO_COLOR is set)

        Our options stand before the script or directly behind it; `--` begins the script's own.
        Key: VAST_API_KEY, the file of VAST_API_KEY_FILE, else the official client's files; `vast-lua doctor` shows which.
        Network: https_proxy, no_proxy and so on as in curl, SSL_CERT_FILE, SSL_CERT_DIR.

        exit codes: 0 done, 1 the script failed, 2 wrong usage, 3 a guard refused, 4 not authorised or billing,
          5 the service could not be reached, 6 changes failed or are unconfirmed, 7 locked or frozen,
          8 plan --exit-code found changes, 124 the time limit,
          129 SIGHUP, 130 SIGINT, 131 SIGQUIT, 143 SIGTERM

        """
}
