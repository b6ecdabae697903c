package demo

import (
	"slices"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// tableRow is one line of the table.
type tableRow struct {
	label string
	cells []string
	note  string
}

// rows are the lines of a step: the verdict, then its fields.
func (r result) rows() []tableRow {
	head := tableRow{label: r.step.name, note: string(r.verdict)}
	for _, o := range r.outcomes {
		text := "ok"
		if f, failed := o.failed(); failed {
			text = f.Code.String()
		}
		head.cells = append(head.cells, text)
	}
	return append([]tableRow{head}, r.fields()...)
}

// fields are the lines below a step: what it wants to show, and whatever
// differs.
func (r result) fields() []tableRow {
	table, order := map[string][]string{}, []string{}
	for i, o := range r.outcomes {
		for _, l := range o.leaves() {
			if table[l.path] == nil {
				table[l.path] = slices.Repeat([]string{"(missing)"}, len(r.outcomes))
				order = append(order, l.path)
			}
			table[l.path][i] = l.text
		}
	}
	var rows []tableRow
	hidden := 0
	for _, path := range order {
		cells, note := table[path], ""
		switch {
		case r.skips(path):
			note = "left out"
		case !alike(cells):
			note = "differs"
		}
		if note != "differs" && !r.shows(path) {
			hidden++
			continue
		}
		rows = append(rows, tableRow{"  " + path, cells, note})
	}
	if hidden > 0 {
		rows = append(rows, tableRow{label: more(hidden)})
	}
	return rows
}

// leaves are the fields of an answer, or those of an error.
func (o outcome) leaves() []leaf {
	if f, failed := o.failed(); failed {
		return []leaf{{errorMessage, f.Message}}
	}
	return leaves(o.value)
}

// shows tells whether a field is printed in any case.
func (r result) shows(path string) bool {
	return path == errorMessage || slices.ContainsFunc(r.step.show, func(prefix string) bool {
		rest, ok := strings.CutPrefix(path, prefix)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// skips tells whether a field is not compared.
func (r result) skips(path string) bool {
	name := path[strings.LastIndex(path, ".")+1:]
	return slices.Contains(r.step.leftOut, name) && !strings.Contains(path, "app_data.")
}

func alike(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return c != cells[0] })
}

// rows are the lines about a method that is not offered everywhere.
func (r refusalRow) rows() []tableRow {
	head := tableRow{label: "admin_signup", note: string(same)}
	sent := tableRow{label: "  requests sent"}
	if r.problem() > 0 {
		head.note = string(failing)
	} else {
		head.note = "early"
	}
	for _, each := range r {
		if each.offered {
			head.cells, sent.cells = append(head.cells, "offered"), append(sent.cells, "not called")
			continue
		}
		f, _ := outcome{nil, each.err}.failed()
		head.cells = append(head.cells, codeText(f.Code))
		sent.cells = append(sent.cells, decimal(each.requests))
	}
	return []tableRow{head, sent}
}

func codeText(c authorizer.Code) string {
	if c == authorizer.CodeOK {
		return "no error"
	}
	return c.String()
}
