package check

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// Places is the list of what open entries of accepted stand for: one line a
// finding, so that new ones are seen.
type Places struct {
	// File is the path of the list.
	File  string
	lines []placeAt
}

type placeAt struct {
	pos  diag.Pos
	text string
}

// placesHead begins every list.
const placesHead = `# What the entries of accepted in the manifest stand for: rule, place, protocols.
# Written by sdkgen accept; what is found besides is not accepted.
`

// ParsePlaces reads a list: a line is empty, a comment (#), or a rule, a place
// and the protocols, separated by white space.
func ParsePlaces(file string, src []byte) (*Places, *diag.List) {
	out, findings := &Places{File: file}, &diag.List{}
	number := 0
	for line := range strings.Lines(string(src)) {
		number++
		pos := diag.Pos{File: file, Line: number, Col: 1}
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
		case len(words) != 3:
			findings.Add(diag.Finding{Pos: pos, Message: "the line is no rule, place and protocols", Hint: "run sdkgen accept, which writes the file"})
		default:
			out.lines = append(out.lines, placeAt{pos, strings.Join(words, " ")})
		}
	}
	return out, findings
}

// FormatPlaces writes a list.
func FormatPlaces(lines []string) []byte {
	var out bytes.Buffer
	out.WriteString(placesHead)
	for _, line := range slices.Sorted(slices.Values(lines)) {
		out.WriteString(line + "\n")
	}
	return out.Bytes()
}

// Lines are the lines of the list without comments.
func (p *Places) Lines() []string {
	var out []string
	for _, line := range p.lines {
		out = append(out, line.text)
	}
	return out
}

// AcceptedPlaces are the lines for all findings that open entries of accepted
// stand for.
func AcceptedPlaces(in Input) []string {
	in.Places = nil
	return run(in).places
}

// remaining counts how often each line is there.
func (p *Places) remaining() map[string]int {
	out := map[string]int{}
	if p != nil {
		for _, line := range p.lines {
			out[line.text]++
		}
	}
	return out
}

// placeLine is the line for a finding.
func placeLine(f finding) string {
	place := f.Type
	switch {
	case f.Type != "" && f.field != "":
		place += "." + f.field
	case f.Type == "":
		place = strings.Join(f.Methods, ",")
	}
	return fmt.Sprintf("%s %s %s", f.Rule, place, strings.Join(f.Protocols, ","))
}

// unusedPlaces finds listed places that do not occur.
func (c *checker) unusedPlaces() {
	if c.Places == nil {
		return
	}
	r := unusedAcceptance()
	c.current = &r
	occurs := map[string]int{}
	for _, line := range c.places {
		occurs[line]++
	}
	for _, line := range c.Places.lines {
		if occurs[line.text]--; occurs[line.text] < 0 {
			c.add(finding{Finding: report.Finding{Pos: line.pos, Hint: "run sdkgen accept, which removes it"}}, "%q is listed, but is not found any more", line.text)
		}
	}
}
