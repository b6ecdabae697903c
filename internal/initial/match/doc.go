// Package match finds the operations of different contracts that are the same
// method:
//
//  1. what each operation is called, in words, and what it takes and answers
//     (names.go, shape.go);
//  2. how much two operations look like each other, and by what evidence
//     (score.go);
//  3. the pairs that are the best for all of them together, rather than the
//     best first (assign.go), without those that are not clearly better than
//     another choice (match.go).
//
// It would rather leave an operation alone than pair it wrongly: a wrong pair is
// a method that does one thing over one protocol and something else over
// another.
package match
