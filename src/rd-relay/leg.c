#include "rd-relay/legs.h"

/*
 * A leg is read by every thread that forwards and written under core.lock, by a
 * sequence lock (Boehm, "Can seqlocks get along with programming language
 * memory models?", MSPC 2012) in the form that needs no fence, of which thread
 * sanitizers know nothing:
 *
 * Writer: the sequence becomes odd; then the fields are stored, each with
 * release; then the sequence becomes even, with release.
 *
 * Reader: loads the sequence with acquire, the fields each with acquire, and
 * the sequence once more. If a field that it saw is of a writer, the load has
 * synchronized with that store, before which the sequence became odd: the
 * second look sees at least that, and the view is thrown away. If it saw none
 * of a later writer, then all are what the sequence's first value was stored
 * after. The second look cannot come before the fields' loads, which acquire.
 *
 * A view that is torn is never used, so a datagram goes from the address that a
 * leg was bound to, to the one its peer was bound to, or nowhere.
 */
#define TRIES 64	/* a writer stores seven words; if it was interrupted, the datagram is lost */

static void
load(const struct leg *l, struct leg_view *v)
{
	v->handle = atomic_load_explicit(&l->handle, memory_order_acquire);
	v->other = atomic_load_explicit(&l->other, memory_order_acquire);
	v->session = atomic_load_explicit(&l->session, memory_order_acquire);
	for (unsigned i = 0; i < 4; i++)
		v->at.w[i] = atomic_load_explicit(&l->at[i], memory_order_acquire);
}

bool
leg_read(const struct legs *t, uint64_t handle, struct leg_view *v)
{
	uint32_t place = (uint32_t)handle & ((1u << LEG_PLACE_BITS) - 1);
	if (place > t->mask || handle == 0)
		return false;
	const struct leg *l = &t->leg[place];
	for (unsigned i = 0; i < TRIES; i++) {
		uint32_t before = atomic_load_explicit(&l->sequence, memory_order_acquire);
		load(l, v);
		uint32_t after = atomic_load_explicit(&l->sequence, memory_order_relaxed);
		if (before == after && !(before & 1))
			return v->handle == handle;
	}
	return false;
}

void
leg_write(struct legs *t, uint32_t place, const struct leg_view *v)
{
	struct leg *l = &t->leg[place];
	uint32_t sequence = atomic_load_explicit(&l->sequence, memory_order_relaxed);
	atomic_store_explicit(&l->sequence, sequence + 1, memory_order_relaxed);
	atomic_store_explicit(&l->handle, v->handle, memory_order_release);
	atomic_store_explicit(&l->other, v->other, memory_order_release);
	atomic_store_explicit(&l->session, v->session, memory_order_release);
	for (unsigned i = 0; i < 4; i++)
		atomic_store_explicit(&l->at[i], v->at.w[i], memory_order_release);
	atomic_store_explicit(&l->sequence, sequence + 2, memory_order_release);
}
