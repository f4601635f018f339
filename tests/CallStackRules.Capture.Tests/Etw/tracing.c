// Stands in for advapi32.dll, so that TraceEvent can read traces where there is no Windows: what it asks the system for is asked of the tests.
#include <stdint.h>

typedef uint64_t (*open_trace)(void *logfile);
typedef uint32_t (*process_trace)(uint64_t *handles, uint32_t count);

static open_trace opener;
static process_trace processor;

void SetReader(open_trace open, process_trace process)
{
    opener = open;
    processor = process;
}

uint64_t OpenTraceW(void *logfile)
{
    return opener(logfile);
}

uint32_t ProcessTrace(uint64_t *handles, uint32_t count, void *start, void *end)
{
    return processor(handles, count);
}

uint32_t CloseTrace(uint64_t handle)
{
    return 0;
}
