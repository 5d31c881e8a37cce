/* SPDX-License-Identifier: Apache-2.0 */

/* Retaining the storage of a string, in the place of Embedded Swift's own functions, which are weak.
 *
 * Those of Swift 6.2 and 6.3 return the pointer without the bits that tell what kind of string it is, and a short string is
 * kept in those very bits. The compiler takes for granted that the pointer comes back as it was. On x86_64 it kept a copy
 * wherever the library was looked at; on arm64, where argument and result are in one register, it stores what comes back
 * (swiftlang/swift pull request 91151). */
#ifdef EMBEDDED

/* Nothing is included: the debug information would name where the compiler is. */
extern void *swift_retain_n(void *object, unsigned count);

/* What is left is the address; with the highest bit set there is none, and nothing is counted. */
static const unsigned long address_bits = 0x8ffffffffffffff8;

void *swift_bridgeObjectRetain_n(void *object, unsigned count)
{
    swift_retain_n((void *)((unsigned long)object & address_bits), count);
    return object;
}

void *swift_bridgeObjectRetain(void *object) { return swift_bridgeObjectRetain_n(object, 1); }

#endif
