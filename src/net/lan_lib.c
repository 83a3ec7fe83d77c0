#include <dlfcn.h>
#include <stddef.h>

#include "net/lan_lib.h"

/* The one that the headers are of: with another number its calls would be others. */
#define LIBRARY "libavahi-client.so.3"

static const struct { const char *name; size_t at; } calls[] = {
#define LAN_CALL(name) {#name, offsetof(struct lan_lib, name)},
	LAN_CALLS(LAN_CALL)
#undef LAN_CALL
};

const char *
lan_lib_load(struct lan_lib *l)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return "there is no " LIBRARY;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		/* Those of libavahi-common are found through it. */
		void *call = dlsym(library, calls[i].name);
		if (!call)
			return LIBRARY " is another one than we know";
		/* POSIX has it that way (dlsym, rationale). */
		*(void **)((char *)l + calls[i].at) = call;
	}
	return NULL;
}
