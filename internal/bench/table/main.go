// The table command reads the output of "go test -bench Pair" from standard
// input, shows it as it comes, and writes the table of docs/performance.md at
// its end.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	rows, err := read(io.TeeReader(in, out))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\n%s", format(rows))
	return err
}
