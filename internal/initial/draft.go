package initial

import (
	"cmp"
	"maps"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/initial/match"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// draft is a manifest on its way.
type draft struct {
	opts    Options
	in      *contracts
	methods []*match.Method
	name    string
	// verbs counts the operations of each REST path.
	verbs    map[string]int
	services []*service
	// rows are all methods, with a row or without, in the order of the contracts.
	rows        []*row
	transcoded  bool
	initialisms []string
	secrets     []string
	scalars     map[string]string
	// unbound are used scalars that nothing is known of.
	unbound []string
	objects []object
	fields  []fieldRule
	paging  []paging
	left    []diag.Finding
	// accepted are proposals of what may be accepted.
	accepted []acceptance
}

// object is a message that only wraps a free-form object.
type object struct {
	rest, grpc, field string
}

// fieldRule is what the contracts do not agree on about one field.
type fieldRule struct {
	typeName, field string
	// names are the field's, by protocol, where it is called otherwise.
	names map[ir.Protocol]string
	only  []ir.Protocol
	omit  string
	// reason goes with names; note is a comment.
	reason, note string
	// guessed: nothing but type and name speak for it.
	guessed bool
}

// paging is a way in which lists come in pages; page, offset and total are empty
// where they go on with a token.
type paging struct {
	request, page, answer, offset, total string
}

func newDraft(o Options, in *contracts, methods []*match.Method) *draft {
	d := &draft{opts: o, in: in, methods: methods, verbs: map[string]int{}}
	if c := in.all[ir.REST]; c != nil {
		for key := range c.Operations {
			d.verbs[withoutVerb(key)]++
		}
	}
	for _, m := range methods {
		d.rows = append(d.rows, &row{name: nameOf(m), method: m, left: map[ir.Protocol]string{}, envelope: map[ir.Protocol]string{}, body: map[ir.Protocol]string{}})
	}
	d.name = d.apiName()
	d.group()
	for _, s := range d.services {
		d.conventions(s)
	}
	d.place()
	d.unique()
	for _, s := range d.services {
		d.conventions(s)
	}
	for _, r := range d.rows {
		d.decide(r)
	}
	d.transcoded = isTranscoded(d.rows, in.all[ir.REST])
	d.initialisms = initialisms(in.all)
	d.scalars = knownScalars(in.scalars)
	return d
}

// decide tells whether a method gets a row, and what of it cannot be called.
func (d *draft) decide(r *row) {
	for p, op := range r.method.Operations {
		if op.Unsupported != "" {
			r.left[p] = op.Unsupported
		}
	}
	r.findEnvelopes()
	r.findBodies()
	switch {
	case len(r.protocols()) == 0:
		r.why = "it cannot be called: it " + r.left[firstOf(r)]
	case len(d.in.all) > 1 && len(r.method.Operations) == 1 && !d.opts.All:
		r.why = unlike(d, r)
	}
}

func firstOf(r *row) ir.Protocol {
	for _, p := range ir.Protocols() {
		if r.method.Operations[p] != nil {
			return p
		}
	}
	return ""
}

// findEnvelopes finds answers that hold in their one field what another protocol
// answers itself.
func (r *row) findEnvelopes() {
	answers := map[ir.Protocol]*contract.Message{}
	for _, p := range r.protocols() {
		if t := r.method.Operations[p].Response; t.Message != nil && t.Single() {
			answers[p] = t.Message
		}
	}
	clear(r.envelope)
	for p := range answers {
		if field := resolve.Envelope(p, answers); field != nil {
			r.envelope[p] = field.Name
		}
	}
}

// findBodies finds bodies and input objects that are one field of the request of
// gRPC, where nothing but what they hold tells it.
func (r *row) findBodies() {
	clear(r.body)
	grpc := r.method.Operations[ir.GRPC]
	if grpc == nil || r.left[ir.GRPC] != "" {
		return
	}
	for _, p := range r.protocols() {
		op := r.method.Operations[p]
		if f := resolve.CarrierLike(op, grpc); p != ir.GRPC && f != nil && !resolve.SameName(resolve.Carrier(p, op, grpc), f.Name) {
			r.body[p] = f.Name
		}
	}
}

// isTranscoded tells whether the REST operations are those that the protos'
// annotations, or a gateway's operation ids, say. A gateway writes no choices that a
// discriminator tells: the JSON mapping of protobuf has an object with one member.
func isTranscoded(rows []*row, rest *contract.Contract) bool {
	said, all := 0, 0
	if rest != nil && slices.ContainsFunc(slices.Collect(maps.Values(rest.Messages)), func(m *contract.Message) bool { return m.Union != nil }) {
		return false
	}
	for _, r := range rows {
		for _, l := range r.method.Links {
			if l.Protocol == ir.REST && l.With == ir.GRPC {
				all++
				if match.Said(l.Score) {
					said++
				}
			}
		}
	}
	const most = 0.9
	return said > 0 && float64(said) >= most*float64(all)
}

func (d *draft) result(files map[string][]byte) *Result {
	out := &Result{Files: files, Contracts: d.in.words(), Left: d.left}
	for _, r := range d.rows {
		switch {
		case r.why != "":
			out.Commented++
			continue
		case match.Word(r.method.Score()) == "certain":
			out.Certain++
		case match.Word(r.method.Score()) == "likely":
			out.Likely++
		default:
			out.Unsure++
		}
		out.Rows++
	}
	for _, a := range d.accepted {
		out.Warnings += a.count
	}
	for _, f := range d.fields {
		if f.omit != "" || len(f.only) > 0 || f.guessed {
			out.Decided++
		}
	}
	return out
}

// words name the contracts that were found.
func (c *contracts) words() []string {
	var out []string
	for _, one := range []struct {
		p    ir.Protocol
		what string
	}{{ir.GraphQL, "GraphQL"}, {ir.REST, "REST"}, {ir.GRPC, "gRPC"}} {
		if found := c.all[one.p]; found != nil {
			out = append(out, one.what+": "+cmp.Or(found.Root.File, "-"))
		}
	}
	return out
}
