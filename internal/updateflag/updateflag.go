// Package updateflag registers the test flag -update, which rewrites the
// expected output of golden tests, in packages that have none. Without it
// "go test ./... -update" would stop at the first of them.
package updateflag

import "flag"

func init() {
	flag.Bool("update", false, "rewrite the expected output of golden tests; nothing to do in this package")
}
