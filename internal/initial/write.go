package initial

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// writer writes YAML line by line.
type writer struct{ strings.Builder }

func (w *writer) line(format string, args ...any) {
	fmt.Fprintf(&w.Builder, format, args...)
	w.WriteByte('\n')
}

// comment writes text as comments that are not wider than people's screens.
func (w *writer) comment(indent, text string) {
	const width = 110
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(indent)+len(line)+len(word) > width {
			w.line("%s# %s", indent, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line != "" {
		w.line("%s# %s", indent, line)
	}
}

// quoted is a text as a YAML value.
func quoted(s string) string {
	plain := regexp.MustCompile(`^[A-Za-z/_][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$`)
	if plain.MatchString(s) && !slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}, strings.ToLower(s)) {
		return s
	}
	return strconv.QuoteToGraphic(s)
}

// flow is a list as YAML writes it in one line.
func flow[T ~string](list []T) string {
	var out []string
	for _, v := range list {
		out = append(out, quoted(string(v)))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// text is the manifest.
func (d *draft) text() []byte {
	w := &writer{}
	w.line("# yaml-language-server: $schema=%s", manifest.SchemaURL)
	w.line("#")
	w.line("# One row per method, for every protocol it can be called over. sdkgen generate turns")
	w.line("# it, with the contracts, into an SDK; sdkgen check tells what is still to be decided.")
	w.line("# sdkgen init wrote this first version: from now on it is yours.")
	w.line("version: 1")
	w.line("")
	d.head(w)
	d.bindings(w)
	d.writeKeys(w)
	d.writeServices(w)
	d.writeFields(w)
	d.writeSecrets(w)
	d.writeAccepted(w)
	d.writeRows(w)
	return []byte(w.String())
}

func (d *draft) head(w *writer) {
	w.line("api:")
	w.line("  name: %s", quoted(d.name))
	if v := d.in.info.Version; v != "" && v != "version not set" {
		w.line("  contract: %s", quoted(v))
	}
	w.line("")
	w.line("contracts:")
	if d.in.all[ir.GraphQL] != nil {
		w.line("  graphql:")
		w.line("    schema: %s", quoted(d.in.from.graphql))
		if d.opts.GraphQLPath == "" {
			w.comment("    ", "The contract does not tell the path; this is the usual one.")
		}
		w.line("    path: %s", quoted(cmp.Or(d.opts.GraphQLPath, "/graphql")))
	}
	if d.in.all[ir.REST] != nil {
		w.line("  rest:")
		w.line("    documents: %s", flow(d.in.from.openapi))
		if d.transcoded {
			w.comment("    ", "The REST operations are those of the protos' HTTP annotations: what is absent, and what is empty, follows the protos.")
			w.line("    transcoded: true")
		}
	}
	if d.in.all[ir.GRPC] != nil {
		w.line("  grpc:")
		w.line("    protos: %s", quoted(d.in.from.protos))
		if d.opts.GRPCPort == 0 {
			w.comment("    ", "The contract does not tell the port; this is the usual one.")
		}
		w.line("    port: %d", cmp.Or(d.opts.GRPCPort, 50051))
	}
	w.line("")
	w.line("output:")
	w.line("  wire: gen")
	w.line("  sdk: sdk")
	if d.opts.Server != "" {
		w.line("  server: %s", quoted(d.opts.Server))
	}
	w.line("  package: %s", quoted(cmp.Or(d.opts.Package, packageName(d.name))))
	w.line("")
}

func (d *draft) bindings(w *writer) {
	if len(d.initialisms) > 0 {
		w.line("naming:")
		w.line("  initialisms: %s", flow(d.initialisms))
		w.line("")
	}
	if len(d.scalars)+len(d.unbound) > 0 {
		w.comment("", "What GraphQL's custom scalars look like in JSON.")
		w.line("scalars:%s", map[bool]string{true: " {}"}[len(d.scalars) == 0])
		for _, name := range slices.Sorted(maps.Keys(d.scalars)) {
			w.line("  %s: %s", quoted(name), d.scalars[name])
		}
		for _, name := range d.unbound {
			w.line("  # %s: string  # to be decided, one of: %s", name, strings.Join(manifest.Scalars(), ", "))
		}
		w.line("")
	}
	if len(d.objects) > 0 {
		w.comment("", "Messages that only wrap a free-form JSON object: callers see the plain map.")
		w.line("objects:")
		for _, o := range d.objects {
			var parts []string
			for _, p := range [][2]string{{"rest", o.rest}, {"grpc", o.grpc}, {"field", o.field}} {
				if p[1] != "" {
					parts = append(parts, p[0]+": "+quoted(p[1]))
				}
			}
			w.line("  - {%s}", strings.Join(parts, ", "))
		}
		w.line("")
	}
}

// writeKeys proposes what gives callers a way to say the keys that the OpenAPI
// document asks for. It stands in comments: whether all protocols take them, and
// whether a constructor should demand them, the document does not tell.
func (d *draft) writeKeys(w *writer) {
	if len(d.in.keys) == 0 {
		return
	}
	w.comment("", "Keys that "+d.in.from.openapi[0]+" asks for in headers. Take the marks off, here and before requires under services, and constructors take them. With an option such as WithKey in the setting, and without requires, callers may leave them out.")
	w.line("# settings:")
	for _, key := range d.in.keys {
		w.line("#   - {name: %s, doc: the key that is sent as %s, secret: true}", keySetting(key), quoted(key))
	}
	w.line("# headers:")
	for _, key := range d.in.keys {
		w.line("#   - {name: %s, value: %s}", quoted(key), strconv.Quote("{"+keySetting(key)+"}"))
	}
	w.line("")
}

// keySetting is the setting that a header with a key is sent from.
func keySetting(header string) string {
	name := snake(header)
	if short := strings.TrimPrefix(name, "x_"); short != "" {
		return short
	}
	return name
}

func (d *draft) writeServices(w *writer) {
	w.comment("", "Each service becomes a client. What its constructor needs beside the server's URL, and what is sent along with every call, goes under settings and headers.")
	w.line("services:")
	for _, s := range d.services {
		// A client without methods is of no use, until a row is taken for it.
		mark := ""
		if d.live() > 0 && !slices.ContainsFunc(s.rows, func(r *row) bool { return r.why == "" }) {
			mark = "# "
		}
		w.line("  %s- name: %s", mark, s.name)
		w.line("  %s  doc: %s", mark, quoted(s.doc))
		w.line("  %s  client: %s", mark, s.client)
		w.line("  %s  constructor: %s", mark, s.constructor)
		if len(d.in.keys) > 0 {
			var settings []string
			for _, key := range d.in.keys {
				settings = append(settings, keySetting(key))
			}
			w.line("  %s  # requires: %s", mark, flow(settings))
		}
		for _, p := range ir.Protocols() {
			if c := s.conventions[p]; c != "" {
				w.line("  %s  %s: %s", mark, p, strconv.Quote(c))
			}
		}
	}
	w.line("")
}

func (d *draft) writeFields(w *writer) {
	if len(d.fields) == 0 {
		return
	}
	w.comment("", "What the contracts do not agree on. \"omit\" leaves a field out of the SDK, \"only\" keeps it for the protocols that have it; a protocol's name says what that calls it.")
	w.line("fields:")
	for _, f := range d.fields {
		parts := []string{"type: " + f.typeName, "field: " + quoted(f.field)}
		parts = append(parts, byProtocol(f.names)...)
		if len(f.only) > 0 {
			parts = append(parts, "only: "+flow(f.only))
		}
		for _, p := range [][2]string{{"omit", f.omit}, {"reason", f.reason}} {
			if p[1] != "" {
				parts = append(parts, p[0]+": "+quoted(p[1]))
			}
		}
		line := "  - {" + strings.Join(parts, ", ") + "}"
		if f.note != "" {
			line += "  # " + f.note
		}
		w.line("%s", line)
	}
	w.line("")
}

func (d *draft) writeSecrets(w *writer) {
	if len(d.secrets) > 0 {
		w.comment("", "Values of fields with these names are never printed. Only names were looked at: add what is missing.")
		w.line("secrets: %s", flow(d.secrets))
		w.line("")
	}
	if len(d.paging) > 0 {
		w.comment("", "Ways in which lists come in pages: such methods also get an iterator.")
		w.line("paging:")
		for _, p := range d.paging {
			if p.page == "" {
				w.line("  - {style: token, request: %s, answer: %s}", quoted(p.request), quoted(p.answer))
				continue
			}
			w.line("  - {style: number, request: %s, page: %s, answer: %s, offset: %s, total: %s}",
				quoted(p.request), quoted(p.page), quoted(p.answer), quoted(p.offset), quoted(p.total))
		}
		w.line("")
	}
}

func (d *draft) writeRows(w *writer) {
	rows, without := 0, 0
	for _, r := range d.rows {
		if r.why == "" {
			rows++
		} else {
			without++
		}
	}
	if len(d.in.all) > 1 && rows > 0 {
		w.comment("", "The comment above a row says how sure it is that its operations are one method, from 0 to 1, and by what evidence.")
	}
	w.line("methods:%s", map[bool]string{true: " []"}[rows == 0])
	for _, s := range d.services {
		title := len(d.services) > 1
		for _, r := range s.rows {
			if r.why != "" {
				continue
			}
			if title {
				w.line("  # ---- %s", s.name)
			}
			title = false
			d.writeRow(w, r, "  ")
		}
	}
	if without == 0 {
		return
	}
	w.line("")
	w.comment("  ", "---- Operations without a row, each with the reason. Take the marks off those that are methods of one protocol; add to a row's protocols those that belong to it; list the others under ignored.")
	for _, s := range d.services {
		for _, r := range s.rows {
			if r.why != "" {
				d.writeWithout(w, r)
			}
		}
	}
}

func (d *draft) writeRow(w *writer, r *row, indent string) {
	if e := evidence(r); e != "" {
		w.comment(indent, e)
	}
	for _, p := range ir.Protocols() {
		if r.left[p] != "" {
			w.comment(indent, fmt.Sprintf("without %s: %s %s", p, r.method.Operations[p].Key, strings.TrimPrefix(r.left[p], "operation "+r.method.Operations[p].Key+" ")))
		}
	}
	for _, line := range d.rowLines(r) {
		w.line("%s%s", indent, line)
	}
}

// writeWithout writes a row in comments.
func (d *draft) writeWithout(w *writer, r *row) {
	w.comment("  ", r.why)
	for _, line := range d.rowLines(r) {
		w.line("  # %s", line)
	}
}

// rowLines are the lines of a row.
func (d *draft) rowLines(r *row) []string {
	protocols := r.protocols()
	if len(protocols) == 0 {
		protocols = []ir.Protocol{firstOf(r)}
	}
	out := []string{
		"- name: " + r.name,
		"  service: " + r.service.name,
		"  doc: " + quoted(docOf(r)),
		"  protocols: " + flow(protocols),
	}
	for _, p := range protocols {
		if !d.follows(r, p) {
			out = append(out, fmt.Sprintf("  %s: %s", p, quoted(r.method.Operations[p].Key)))
		}
	}
	for _, one := range []struct {
		key string
		by  map[ir.Protocol]string
	}{{"body", r.body}, {"envelope", r.envelope}} {
		if parts := byProtocol(one.by); len(parts) > 0 {
			out = append(out, "  "+one.key+": {"+strings.Join(parts, ", ")+"}")
		}
	}
	if idempotent(r) {
		out = append(out, "  idempotent: true")
	}
	if destructive(r) {
		out = append(out, "  destructive: true")
	}
	if reason := deprecation(r); reason != "" {
		out = append(out, "  deprecated: "+quoted(reason))
	}
	return out
}

// byProtocol are names as entries of a YAML map.
func byProtocol(names map[ir.Protocol]string) []string {
	var out []string
	for _, p := range ir.Protocols() {
		if name := names[p]; name != "" {
			out = append(out, fmt.Sprintf("%s: %s", p, quoted(name)))
		}
	}
	return out
}
