// A line editor on libedit that can be interrupted and can make room for the output of others.

#define _GNU_SOURCE 1
#include "CEditLine.h"
#include "paste.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

typedef enum { IDLE, READING, HIDDEN } phase;

enum { QUEUE_SIZE = 16 };

struct vast_editor {
    EditLine *line;
    History *history;
    HistEvent event;
    vast_complete complete;
    vast_is_hidden is_hidden;
    void *context;
    // What comes before the next character of the input.
    wchar_t queue[QUEUE_SIZE];
    size_t queued, queue_length;
    // How much of the mark before a paste has come, and what has turned out to be none: bytes of it, and the one behind them.
    size_t matched, given, to_give;
    int pending;
    // A paste: whether more of it comes, whether it waits for its place in the line, and how often that was offered.
    pasted pasted;
    int is_pasting, is_pasted, offers;
    const char *prompt;
    char *insertion, *listing;
    int wake[2];
    int is_over, is_interrupted, is_entering;
    int columns;
    // The line that is being read.
    unsigned long reading;
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    phase phase;
    // The line that was asked for last, and the last one that was given up.
    unsigned long asked, abandoned;
};

// The modes that the terminal had before there was an editor.
static struct termios modes_before;
static int has_modes_before;
// Whether the terminal puts marks around what is pasted, for a line that is being read.
static volatile sig_atomic_t is_marking;

// How soon the next byte of a paste comes.
enum { PASTE_MILLISECONDS = 20 };
// How long nothing comes before and after a Ctrl-C that is typed, where the end of a paste never comes.
enum { QUIET_MILLISECONDS = 500 };
// How soon a process is stopped that has sent itself the signal.
enum { PAUSE_MILLISECONDS = 50 };
// The key that a whole paste is for the editor, whatever it is doing: no character that comes from the input is this one.
enum { PASTE_KEY = 0x9D, PASTE_OFFERS = 3 };
#define PASTE_KEY_NAME "\\235"
// Not a byte: the mark before a paste has come.
enum { PASTE_BEGUN = 256 };

// Which editor is told of SIGCONT.
static int continued_pipe = -1;

static void on_continued(int number) {
    (void)number;
    int saved = errno;
    if (continued_pipe >= 0) { (void)!write(continued_pipe, "t", 1); }
    errno = saved;
}

static vast_editor *editor_of(EditLine *line) {
    void *data = NULL;
    el_get(line, EL_CLIENTDATA, &data);
    return data;
}

static char *prompt_of(EditLine *line) { return (char *)editor_of(line)->prompt; }

static void set_phase(vast_editor *editor, phase phase) {
    pthread_mutex_lock(&editor->mutex);
    editor->phase = phase;
    pthread_cond_broadcast(&editor->condition);
    pthread_mutex_unlock(&editor->mutex);
}

static int is_abandoned(vast_editor *editor) {
    pthread_mutex_lock(&editor->mutex);
    int result = editor->reading <= editor->abandoned;
    pthread_mutex_unlock(&editor->mutex);
    return result;
}

void vast_terminal_size(int descriptor, int *columns, int *rows) {
    struct winsize size;
    int known = ioctl(descriptor, TIOCGWINSZ, &size) == 0;
    *columns = known ? size.ws_col : 0;
    *rows = known ? size.ws_row : 0;
}

void vast_terminal_put(const char *text) {
    fputs(text, stdout);
    fflush(stdout);
}

char *vast_terminal_line(void) {
    char *line = NULL;
    size_t capacity = 0;
    ssize_t count = getline(&line, &capacity, stdin);
    if (count > 0) { return line; }
    free(line);
    return NULL;
}

int vast_locale_take(void) {
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) { return 1; }
    // The editor needs to take whole characters also from those who type some anyway.
    setlocale(LC_CTYPE, "C.UTF-8");
    return 0;
}

// Takes the line that is being edited off the terminal. One that takes several rows stays; what comes is put below.
static void erase(vast_editor *editor) {
    const LineInfo *info = el_line(editor->line);
    size_t length = (size_t)(info->lastchar - info->buffer) + strlen(editor->prompt);
    int fits = (int)length < editor->columns && memchr(info->buffer, '\n', (size_t)(info->lastchar - info->buffer)) == NULL;
    fputs(fits ? "\r\033[K" : "\r\n", stdout);
    fflush(stdout);
}

static void note_size(vast_editor *editor) {
    int columns, rows;
    vast_terminal_size(STDOUT_FILENO, &columns, &rows);
    if (columns > 0 && columns != editor->columns) {
        editor->columns = columns;
        el_resize(editor->line);
    }
}

// Has the terminal put marks around what is pasted, or no longer. Those that do not know them do nothing.
static void mark_pastes(int on) {
    fputs(on ? "\033[?2004h" : "\033[?2004l", stdout);
    fflush(stdout);
}

// Makes the terminal ready for a line that is being edited.
static void prepare(vast_editor *editor) {
    el_set(editor->line, EL_PREP_TERM, 1);
    mark_pastes(1);
}

// What another thread asks for, in the thread that reads. Returns whether reading goes on.
static int obey(vast_editor *editor) {
    char order;
    if (read(editor->wake[0], &order, 1) != 1) { return 1; }
    switch (order) {
    case 'h':
        erase(editor);
        set_phase(editor, HIDDEN);
        return 1;
    case 't':
        prepare(editor);
        el_set(editor->line, EL_REFRESH);
        return 1;
    case 's':
        el_set(editor->line, EL_REFRESH);
        set_phase(editor, READING);
        return 1;
    default:
        // It may have been meant for the line before.
        return !is_abandoned(editor);
    }
}

// One byte of the input, or -1 at its end.
static int next_byte(vast_editor *editor) {
    struct pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {editor->wake[0], POLLIN, 0}};
    for (;;) {
        if (poll(waits, 2, -1) < 0) {
            if (errno == EINTR) { continue; }
            return -1;
        }
        if (waits[1].revents != 0) {
            if (!obey(editor)) { return -1; }
            continue;
        }
        if (waits[0].revents == 0) { continue; }
        unsigned char byte;
        ssize_t count = read(STDIN_FILENO, &byte, 1);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) { continue; }
        if (count <= 0) {
            editor->is_over = 1;
            return -1;
        }
        return byte;
    }
}

// Whether more comes within a time.
static int is_coming(int milliseconds) {
    struct pollfd more = {STDIN_FILENO, POLLIN, 0};
    return poll(&more, 1, milliseconds) > 0 && (more.revents & POLLIN) != 0;
}

static int pending_or_next_byte(vast_editor *editor) {
    int byte = editor->pending;
    editor->pending = -1;
    return byte >= 0 ? byte : next_byte(editor);
}

// The next byte that is no part of the mark before a paste, or PASTE_BEGUN. The mark is looked for here, below the editor and its
// keys: it is one also while a search goes on, and however the keys are bound.
static int unmarked_byte(vast_editor *editor) {
    for (;;) {
        if (editor->given < editor->to_give) { return PASTE_BEGIN[editor->given++]; }
        int byte = pending_or_next_byte(editor);
        if (byte < 0) { return byte; }
        if (byte == PASTE_BEGIN[editor->matched]) {
            if (PASTE_BEGIN[++editor->matched] != '\0') { continue; }
            editor->matched = 0;
            return PASTE_BEGUN;
        }
        if (editor->matched == 0) { return byte; }
        editor->to_give = editor->matched;
        editor->given = editor->matched = 0;
        editor->pending = byte;
    }
}

// Whether a byte is the key of a signal. The terminal itself sends none while a line is edited: it would find the key within a
// paste, too, and forget what came before it, the mark included.
static int is_key_of(int byte, int index) {
    return has_modes_before && (modes_before.c_lflag & ISIG) != 0 && modes_before.c_cc[index] != _POSIX_VDISABLE
        && byte == modes_before.c_cc[index];
}

// Does what the terminal does at the key of a signal. Nothing that comes behind it belongs to this line.
static int interrupt(vast_editor *editor, int number) {
    editor->is_interrupted = 1;
    kill(0, number);
    return -1;
}

static void suspend(vast_editor *editor) {
    el_set(editor->line, EL_PREP_TERM, 0);
    mark_pastes(0);
    kill(0, SIGTSTP);
    // Any thread may take the signal; the line is shown again behind the pause, or soon where nothing pauses.
    poll(NULL, 0, PAUSE_MILLISECONDS);
    prepare(editor);
    el_set(editor->line, EL_REFRESH);
}

static int is_ignored(int number) {
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

// Whether a Ctrl-C in a paste whose end has not come is typed: it stands alone in time. Those typed behind it are taken with it.
static int is_typed(vast_editor *editor, int byte, int was_quiet) {
    if (!was_quiet || !is_key_of(byte, VINTR)) { return 0; }
    while (is_coming(QUIET_MILLISECONDS)) {
        int next = next_byte(editor);
        if (next == byte) { continue; }
        editor->pending = next;
        return 0;
    }
    return 1;
}

// Reads a paste up to the mark behind it. Returns 1 when it is whole; -1 when the line is over. One that a line leaves open goes on
// in the next.
static int read_paste(vast_editor *editor) {
    while (!paste_is_whole(&editor->pasted)) {
        int was_quiet = editor->pending < 0 && !is_coming(QUIET_MILLISECONDS);
        int byte = pending_or_next_byte(editor);
        if (byte < 0) { return -1; }
        if (is_typed(editor, byte, was_quiet)) {
            paste_forget(&editor->pasted);
            editor->is_pasting = 0;
            return interrupt(editor, SIGINT);
        }
        paste_keep(&editor->pasted, (char)byte);
    }
    editor->is_pasting = 0;
    editor->is_pasted = 1;
    editor->offers = 0;
    return 1;
}

// Whether the editor still has to take a whole paste. What it does may eat the key once; whatever never takes it, goes without.
static int offer_paste(vast_editor *editor) {
    if (!editor->is_pasted) { return 0; }
    if (editor->offers++ < PASTE_OFFERS) { return 1; }
    editor->is_pasted = 0;
    paste_forget(&editor->pasted);
    return 0;
}

// Puts the escape of Lua for a character that cannot be seen where the character would stand.
static wchar_t queue_escape(vast_editor *editor, wchar_t character) {
    editor->queued = 0;
    editor->queue_length = (size_t)swprintf(editor->queue, QUEUE_SIZE, L"\\u{%X}", (unsigned)character);
    return editor->queue[editor->queued++];
}

// The next byte that is typed; PASTE_BEGUN when a whole paste waits; -1 when the line is over.
static int typed_byte(vast_editor *editor) {
    for (;;) {
        if (editor->is_pasting) { return read_paste(editor) < 0 ? -1 : PASTE_BEGUN; }
        int byte = unmarked_byte(editor);
        if (byte == PASTE_BEGUN) {
            editor->is_pasting = 1;
        } else if (is_key_of(byte, VINTR)) {
            return interrupt(editor, SIGINT);
        } else if (is_key_of(byte, VQUIT)) {
            if (!is_ignored(SIGQUIT)) { return interrupt(editor, SIGQUIT); }
        } else if (is_key_of(byte, VSUSP)) {
            suspend(editor);
        } else {
            return byte;
        }
    }
}

// While no bytes are read, the terminal itself has to see Ctrl-C. It keeps what has come: the mark of a paste may be there.
static void let_terminal_signal(int on) {
    struct termios modes;
    if (tcgetattr(STDIN_FILENO, &modes) != 0) { return; }
    if (on) { modes.c_lflag |= ISIG | NOFLSH; } else { modes.c_lflag &= ~(tcflag_t)(ISIG | NOFLSH); }
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

// Enter is the last that is read of most lines. Whoever sees its echo may press Ctrl-C at once.
static void note_enter(vast_editor *editor, int is_entering) {
    if (is_entering != editor->is_entering) { let_terminal_signal(is_entering); }
    editor->is_entering = is_entering;
}

// One character of UTF-8, or the key of a paste; what is none is left out.
static int next_character(EditLine *line, wchar_t *result) {
    vast_editor *editor = editor_of(line);
    if (editor->queued < editor->queue_length) {
        *result = editor->queue[editor->queued++];
        return 1;
    }
    note_enter(editor, 0);
    mbstate_t state;
    memset(&state, 0, sizeof state);
    for (;;) {
        int byte = offer_paste(editor) ? PASTE_BEGUN : typed_byte(editor);
        if (byte < 0) { return -1; }
        note_size(editor);
        if (byte == PASTE_BEGUN) {
            if (editor->offers == 0) { editor->offers = 1; }
            *result = PASTE_KEY;
            return 1;
        }
        char one = (char)byte;
        size_t length = mbrtowc(result, &one, 1, &state);
        if (length == (size_t)-2) { continue; }
        if (length == (size_t)-1) {
            memset(&state, 0, sizeof state);
            continue;
        }
        if (*result >= 0x80 && editor->is_hidden((unsigned)*result)) { *result = queue_escape(editor, *result); }
        note_enter(editor, *result == L'\n' || *result == L'\r');
        return 1;
    }
}

static unsigned char complete(EditLine *line, int character) {
    (void)character;
    vast_editor *editor = editor_of(line);
    // Nobody types that fast: it is the rest of what was pasted without marks.
    if (is_coming(PASTE_MILLISECONDS)) { return el_insertstr(line, "\t") == 0 ? CC_REFRESH : CC_ERROR; }
    const LineInfo *info = el_line(line);
    size_t cursor = (size_t)(info->cursor - info->buffer);
    size_t length = (size_t)(info->lastchar - info->buffer);
    char *text = strndup(info->buffer, length);
    if (text == NULL) { return CC_ERROR; }
    set_phase(editor, IDLE);
    let_terminal_signal(1);
    editor->complete(editor->context, editor, text, cursor);
    let_terminal_signal(0);
    set_phase(editor, READING);
    free(text);
    unsigned char result = CC_REFRESH_BEEP;
    if (editor->insertion != NULL) {
        if (*editor->insertion != '\0') { el_insertstr(line, editor->insertion); }
        result = CC_REFRESH;
    }
    if (editor->listing != NULL) {
        fputs("\r\n", stdout);
        fputs(editor->listing, stdout);
        fflush(stdout);
        result = CC_REDISPLAY;
    }
    free(editor->insertion);
    free(editor->listing);
    editor->insertion = editor->listing = NULL;
    return result;
}

// The whole of a paste becomes part of the line: a Tab completes nothing, and a line break sends nothing.
static unsigned char paste(EditLine *line, int character) {
    (void)character;
    vast_editor *editor = editor_of(line);
    if (!editor->is_pasted) { return CC_ERROR; }
    wchar_t *text = paste_text(&editor->pasted, editor->is_hidden);
    int status = text == NULL ? -1 : *text == L'\0' ? 0 : el_winsertstr(line, text);
    free(text);
    editor->is_pasted = 0;
    paste_forget(&editor->pasted);
    return status == 0 ? CC_REFRESH : CC_ERROR;
}

void vast_editor_answer(vast_editor *editor, const char *insertion, const char *listing) {
    editor->insertion = insertion == NULL ? NULL : strdup(insertion);
    editor->listing = listing == NULL ? NULL : strdup(listing);
}

static void bind_keys(EditLine *line) {
    static const char *const keys[][2] = {
        {"\t", "vast-complete"}, {"^R", "em-inc-search-prev"}, {"^S", "em-inc-search-next"},
        {"\033[1;5C", "em-next-word"}, {"\033[1;5D", "ed-prev-word"}, {"\033[3~", "ed-delete-next-char"},
        {"\033[1~", "ed-move-to-beg"}, {"\033[4~", "ed-move-to-end"}, {"\033[H", "ed-move-to-beg"}, {"\033[F", "ed-move-to-end"},
        {"\033[A", "ed-prev-history"}, {"\033[B", "ed-next-history"}, {"\033[C", "ed-next-char"}, {"\033[D", "ed-prev-char"},
    };
    for (size_t index = 0; index < sizeof keys / sizeof keys[0]; index++) {
        el_set(line, EL_BIND, keys[index][0], keys[index][1], NULL);
    }
}

// What the safety of pastes needs, whatever the settings of the user (~/.editrc) say.
static void bind_paste(EditLine *line) {
    el_set(line, EL_BIND, PASTE_KEY_NAME, "vast-paste", NULL);
    el_set(line, EL_BIND, "-a", PASTE_KEY_NAME, "vast-paste", NULL);
    el_set(line, EL_SETTY, "-d", "-isig", "-ixon", "-iexten", NULL);
}

vast_editor *vast_editor_open(const char *program, vast_complete complete_function, vast_is_hidden is_hidden, void *context) {
    vast_editor *editor = calloc(1, sizeof *editor);
    if (editor == NULL) { return NULL; }
    pthread_mutex_init(&editor->mutex, NULL);
    pthread_cond_init(&editor->condition, NULL);
    editor->wake[0] = editor->wake[1] = -1;
    editor->complete = complete_function;
    editor->is_hidden = is_hidden;
    editor->context = context;
    editor->prompt = "";
    editor->pending = -1;
    editor->history = history_init();
    has_modes_before = tcgetattr(STDIN_FILENO, &modes_before) == 0;
    editor->line = el_init(program, stdin, stdout, stderr);
    if (editor->line == NULL || editor->history == NULL || pipe2(editor->wake, O_CLOEXEC) != 0) {
        vast_editor_close(editor);
        return NULL;
    }
    history(editor->history, &editor->event, H_SETSIZE, 2000);
    history(editor->history, &editor->event, H_SETUNIQUE, 1);
    el_set(editor->line, EL_CLIENTDATA, editor);
    el_set(editor->line, EL_SIGNAL, 0);
    el_set(editor->line, EL_EDITOR, "emacs");
    el_set(editor->line, EL_HIST, history, editor->history);
    el_set(editor->line, EL_PROMPT_ESC, prompt_of, '\1');
    el_set(editor->line, EL_GETCFN, next_character);
    el_set(editor->line, EL_ADDFN, "vast-complete", "Shows what can stand here", complete);
    el_set(editor->line, EL_ADDFN, "vast-paste", "Takes what is pasted as it is", paste);
    bind_keys(editor->line);
    el_source(editor->line, NULL);
    bind_paste(editor->line);
    vast_terminal_size(STDOUT_FILENO, &editor->columns, &(int){0});
    continued_pipe = editor->wake[1];
    struct sigaction action = {.sa_handler = on_continued, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGCONT, &action, NULL);
    return editor;
}

void vast_editor_close(vast_editor *editor) {
    if (continued_pipe == editor->wake[1]) { continued_pipe = -1; }
    if (editor->line != NULL) { el_end(editor->line); }
    if (editor->history != NULL) { history_end(editor->history); }
    if (editor->wake[0] >= 0) {
        close(editor->wake[0]);
        close(editor->wake[1]);
    }
    paste_forget(&editor->pasted);
    pthread_mutex_destroy(&editor->mutex);
    pthread_cond_destroy(&editor->condition);
    free(editor);
}

unsigned long vast_editor_ask(vast_editor *editor) {
    pthread_mutex_lock(&editor->mutex);
    unsigned long line = ++editor->asked;
    pthread_mutex_unlock(&editor->mutex);
    return line;
}

const char *vast_editor_read(vast_editor *editor, unsigned long line, const char *prompt, vast_line_status *status) {
    editor->prompt = prompt;
    editor->reading = line;
    editor->is_over = editor->is_interrupted = editor->is_entering = 0;
    // What was ordered for the last line is over with it.
    struct pollfd stale = {editor->wake[0], POLLIN, 0};
    char order;
    while (poll(&stale, 1, 0) > 0 && read(editor->wake[0], &order, 1) == 1) {}
    *status = VAST_LINE_ABANDONED;
    if (is_abandoned(editor)) { return NULL; }
    // Before the prompt is shown: a terminal that still makes lines of what is typed would take a Ctrl-D for itself.
    prepare(editor);
    is_marking = 1;
    set_phase(editor, READING);
    int count = 0;
    const char *text = el_gets(editor->line, &count);
    set_phase(editor, IDLE);
    is_marking = 0;
    mark_pastes(0);
    if (editor->is_interrupted || is_abandoned(editor)) { return NULL; }
    *status = text == NULL || count <= 0 ? VAST_LINE_END : VAST_LINE_ENTERED;
    return *status == VAST_LINE_ENTERED ? text : NULL;
}

void vast_editor_remember(vast_editor *editor, const char *entry) {
    history(editor->history, &editor->event, H_ENTER, entry);
}

static void order(vast_editor *editor, char what) {
    while (write(editor->wake[1], &what, 1) < 0 && errno == EINTR) {}
}

int vast_editor_hide(vast_editor *editor) {
    pthread_mutex_lock(&editor->mutex);
    int is_shown = editor->phase == READING;
    if (is_shown) {
        order(editor, 'h');
        while (editor->phase == READING) { pthread_cond_wait(&editor->condition, &editor->mutex); }
        is_shown = editor->phase == HIDDEN;
    }
    pthread_mutex_unlock(&editor->mutex);
    return is_shown;
}

void vast_editor_show(vast_editor *editor) { order(editor, 's'); }

void vast_editor_abandon(vast_editor *editor) {
    pthread_mutex_lock(&editor->mutex);
    editor->abandoned = editor->asked;
    pthread_mutex_unlock(&editor->mutex);
    order(editor, 'c');
}

void vast_terminal_restore(void) {
    // Who is in the background has no say about the terminal.
    if (!has_modes_before || tcgetpgrp(STDIN_FILENO) != getpgrp()) { return; }
    if (is_marking) { (void)!write(STDOUT_FILENO, "\033[?2004l", 8); }
    tcsetattr(STDIN_FILENO, TCSADRAIN, &modes_before);
}
