package demo

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The widths of the table's columns; together 98 with the gaps.
const (
	labelWidth = 27
	cellWidth  = 19
	noteWidth  = 8
)

// printer writes for people.
type printer struct {
	w      io.Writer
	colour bool
}

// newPrinter uses colour on a terminal, and never where NO_COLOR is set.
func newPrinter(w io.Writer, env func(string) string) *printer {
	return &printer{w, isTerminal(w) && env("NO_COLOR") == "" && env("TERM") != "dumb"}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (p *printer) line(format string, args ...any) {
	fmt.Fprintf(p.w, format+"\n", args...)
}

// head tells what is about to happen.
func (p *printer) head(t Target) {
	p.line("%s", p.paint(bold, "The same calls over GraphQL, REST and gRPC, through one SDK"))
	p.line("")
	where := t.GRPC
	if where == "" {
		where = "the URL's host, port 9091"
	}
	if !t.Live {
		p.line("  server    embedded, in memory: %s, gRPC %s", t.URL, where)
		p.line("  compared  answers by reflect.DeepEqual, without ids and tokens, which are random: such")
		p.line("            fields are marked \"left out\"; the server starts anew for each protocol")
	} else {
		p.line("  server    %s, gRPC %s", t.URL, where)
		p.line("  changes   makes one user per protocol, with a random address, and deletes it at the end")
		p.line("  compared  answers by reflect.DeepEqual, without what is another for every user: ids,")
		p.line("            addresses, times, tokens; such fields are marked \"left out\"")
	}
	p.line("  secrets   only the beginning of their SHA-256 is shown")
	p.line("")
}

// columns prints the head of the table.
func (p *printer) columns() {
	p.row(tableRow{"METHOD", []string{"GRAPHQL", "REST", "GRPC"}, "VERDICT"}, bold)
}

// step prints a step and its fields.
func (p *printer) step(r result) {
	p.rows(r.rows())
	if r.verdict == differs && !strings.Contains(fmt.Sprint(r.fields()), "differs") {
		p.line("  the values look alike, but their types differ")
	}
	if r.verdict == failing {
		p.line("  %v", r.outcomes[0].err)
	}
}

// refusals prints the row of the method that only GraphQL offers, and what the
// error says.
func (p *printer) refusals(r refusalRow) {
	p.rows(r.rows())
	for _, each := range r {
		if each.err != nil {
			p.line("  %s", p.paint(dim, each.err.Error()))
		}
	}
}

func (p *printer) rows(rows []tableRow) {
	p.line("%s", p.paint(dim, strings.Repeat("-", labelWidth+3*(cellWidth+2)+noteWidth)))
	for i, r := range rows {
		style := dim
		switch r.note {
		case string(differs), string(failing), "differs":
			style = red
		case string(same), "early":
			style = green
		}
		if i == 0 && style == dim {
			style = bold
		}
		p.row(r, style)
	}
}

// row prints one line; the style is that of its note.
func (p *printer) row(r tableRow, style style) {
	var b strings.Builder
	b.WriteString(pad(r.label, labelWidth))
	for _, c := range r.cells {
		b.WriteString("  " + pad(c, cellWidth))
	}
	if r.note != "" {
		b.WriteString(" " + p.paint(style, r.note))
	}
	p.line("%s", strings.TrimRight(b.String(), " "))
}

// summary says how it went.
func (p *printer) summary(t Target, steps, problems int, actors []*actor) {
	var sent []string
	for _, a := range actors {
		sent = append(sent, fmt.Sprintf("%s %d", a.protocol, a.sent.Load()))
	}
	p.line("")
	for _, a := range actors {
		if t.Live && a.deleted {
			p.line("Deleted the user %s.", a.email)
		}
	}
	p.line("Requests sent: %s.", strings.Join(sent, ", "))
	if problems == 0 {
		p.line("%s", p.paint(green, fmt.Sprintf("%d calls: the same over the three protocols. 1 call: refused before anything was sent.", steps)))
		return
	}
	p.line("%s", p.paint(red, fmt.Sprintf("%d of %d calls did not go as they should.", problems, steps+1)))
}

// style is a terminal's code for how to write.
type style string

const (
	bold  style = "1"
	dim   style = "2"
	red   style = "31"
	green style = "32"
)

func (p *printer) paint(s style, text string) string {
	if !p.colour {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// pad brings a text to a width; a longer one loses its middle, for ids differ at
// the end. Control characters have no place in a table.
func pad(text string, width int) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	if n := utf8.RuneCountInString(text); n <= width {
		return text + strings.Repeat(" ", width-n)
	}
	runes, tail := []rune(text), (width-2)/2
	return string(runes[:width-2-tail]) + ".." + string(runes[len(runes)-tail:])
}

func more(n int) string { return "  and " + decimal(int64(n)) + " more fields" }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
