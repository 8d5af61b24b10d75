// The ready list and the switch from task to task: what happens millions of times stays out of Swift.
#include "host.h"

void vl_ready_append(vl_host *host, vl_task *task) {
    task->next = NULL;
    task->phase = VL_READY;
    if (host->last_ready) host->last_ready->next = task;
    else host->first_ready = task;
    host->last_ready = task;
    host->ready_count++;
}

static vl_task *take_first(vl_host *host) {
    vl_task *task = host->first_ready;
    host->first_ready = task->next;
    if (host->first_ready == NULL) host->last_ready = NULL;
    host->ready_count--;
    task->next = NULL;
    return task;
}

void vl_ready_clear(vl_host *host) {
    while (host->first_ready) take_first(host);
}

size_t vl_ready_count(const vl_host *host) { return host->ready_count; }

vl_task *vl_running_task(const vl_host *host) { return host->running; }

static int step(vl_host *host, vl_task *task) {
    vl_task *outer = host->running;
    int arguments = task->start_arguments == VL_STARTED ? 0 : task->start_arguments;
    host->running = task;
    task->phase = VL_RUNNING;
    task->start_arguments = VL_STARTED;
    task->sleeps = false;
    int outcome = vl_task_resume(host, task->thread, arguments, &task->result_count);
    host->running = outer;
    return outcome;
}

/// Turns between two looks at the outside, at least; looking costs about as much as a switch.
#define VL_TURNS 16

int vl_run_ready(vl_host *host, vl_task **which) {
    if (host->ready_count == 0) return VL_TASK_IDLE;
    size_t turns = host->ready_count < VL_TURNS ? VL_TURNS : host->ready_count;
    for (; turns > 0 && host->first_ready; turns--) {
        vl_task *task = take_first(host);
        *which = task;
        if (task->is_cancelled && task->start_arguments != VL_STARTED) return VL_TASK_UNSTARTED;
        int outcome = step(host, task);
        bool yields = outcome == VL_TASK_WAITING && task->sleeps && task->deadline.high == 0 && task->deadline.low == 0;
        if (!yields) return outcome;
        vl_ready_append(host, task);
    }
    return VL_TASK_ROUND;
}
