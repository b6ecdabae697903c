// Package quality measures internal/drift: its tests apply every kind of change
// they know to each contract, wherever it fits, and look whether comparing finds
// it and says rightly what it breaks. What is expected follows from the kind of
// change and from the direction in which the changed thing travels, which the
// tests work out by themselves; nothing of that is asked of the code under test.
//
// make drift-quality runs all of it, go test a smaller part.
package quality
