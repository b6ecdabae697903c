package initial

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// maxRounds bounds how often a draft is resolved: what is settled in one round can
// bring something new to light in the next.
const maxRounds = 8

// settle resolves the draft as generating would, and changes it until resolving
// finds nothing more that can be settled.
func (d *draft) settle() error {
	for range maxRounds {
		_, model, findings, err := d.resolve()
		if err != nil {
			return err
		}
		d.left = findings
		changed := d.dropOperations(findings)
		changed = d.bindScalars(model) || changed
		changed = d.unwrapObjects(model) || changed
		if !changed {
			changed = d.settleFields(model)
		}
		if !changed {
			changed = d.findSecrets(model)
			changed = d.findPaging(model) || changed
		}
		if !changed {
			return nil
		}
	}
	return nil
}

// resolve reads the draft back and resolves it.
func (d *draft) resolve() (*manifest.File, *ir.SDK, []diag.Finding, error) {
	file, list := manifest.Parse(d.opts.Manifest, d.text())
	if list.Len() > 0 && d.live() == 0 {
		// A manifest without a row is no manifest; people have to write one.
		return file, &ir.SDK{}, list.Findings(), nil
	}
	if err := list.Err(); err != nil {
		return nil, nil, nil, fmt.Errorf("the manifest that came of it cannot be read, which is a fault of sdkgen: %w", err)
	}
	model, findings := resolve.Resolve(resolve.Input{Manifest: file, Contracts: d.in.all, Module: "module.invalid", Runtime: "module.invalid/runtime"})
	return file, model, findings.Findings(), nil
}

// live is the number of rows.
func (d *draft) live() int {
	n := 0
	for _, r := range d.rows {
		if r.why == "" {
			n++
		}
	}
	return n
}

// dropOperations leaves out of the rows the operations that cannot be called.
func (d *draft) dropOperations(findings []diag.Finding) bool {
	changed := false
	for _, f := range findings {
		if f.Rule != string(resolve.UnusableOperation) {
			continue
		}
		i := slices.IndexFunc(d.rows, func(r *row) bool { return r.name == f.Method && r.why == "" })
		if i < 0 {
			continue
		}
		r := d.rows[i]
		for _, p := range r.protocols() {
			if r.method.Operations[p].Pos == f.Pos {
				_, why, _ := strings.Cut(f.Message, ": ")
				r.left[p] = why
				changed = true
			}
		}
		r.findEnvelopes()
		r.findBodies()
		if len(r.protocols()) == 0 {
			r.why = "it cannot be called: " + r.left[firstOf(r)]
		}
	}
	return changed
}

// bindScalars gives the custom scalars of the schema the shape that the same
// fields have over the other protocols.
func (d *draft) bindScalars(model *ir.SDK) bool {
	custom := map[string]bool{}
	for _, name := range d.in.scalars {
		custom[name] = true
	}
	votes, used := map[string]map[string]int{}, map[string]bool{}
	eachField(model, func(t travels) {
		name := ""
		for i, w := range t.wires {
			if t.over[i] == ir.GraphQL && w.Contract != nil && custom[w.Contract.Type.Wire] {
				name = w.Contract.Type.Wire
				used[name] = true
			}
		}
		if name == "" {
			return
		}
		for i, w := range t.wires {
			if t.over[i] == ir.GraphQL || w.Contract == nil {
				continue
			}
			if shape := shapeOf(w.Type); shape != "" {
				if votes[name] == nil {
					votes[name] = map[string]int{}
				}
				votes[name][shape]++
			}
		}
	})
	before := maps.Clone(d.scalars)
	d.unbound = nil
	for _, name := range d.in.scalars {
		if shape := most(votes[name]); shape != "" {
			d.scalars[name] = shape
		}
		if used[name] && d.scalars[name] == "" {
			d.unbound = append(d.unbound, name)
		}
	}
	if maps.Equal(before, d.scalars) {
		return false
	}
	d.in.graphql(d.scalars, &diag.List{}) // it has been read before, without findings
	d.relink()
	return true
}

// relink lets the methods point at the operations of the schema as it was read
// last.
func (d *draft) relink() {
	for _, m := range d.methods {
		if op := m.Operations[ir.GraphQL]; op != nil {
			m.Operations[ir.GraphQL] = d.in.all[ir.GraphQL].Operations[op.Key]
		}
	}
}

// shapeOf is the manifest's word for a type: what wraps an object is one. Empty:
// there is none.
func shapeOf(t contract.Type) string {
	shape := t.Scalar
	switch {
	case wrapped(t) != nil:
		shape = contract.ScalarObject
	case !slices.Contains(manifest.Scalars(), string(shape)):
		return ""
	case t.Map && (shape == contract.ScalarAny || shape == contract.ScalarObject):
		return string(contract.ScalarObject) // any object is one of these
	case t.Map:
		shape = contract.MapOf(shape)
	}
	return string(shape)
}

// wrapped is the one field of a message that only wraps a free-form object.
func wrapped(t contract.Type) *contract.Field {
	if t.Message == nil || len(t.Message.Fields) != 1 {
		return nil
	}
	if f := t.Message.Fields[0]; f.Type.Scalar == contract.ScalarObject && !f.Type.List {
		return f
	}
	return nil
}

func most(votes map[string]int) string {
	best := ""
	for _, shape := range slices.Sorted(maps.Keys(votes)) {
		if best == "" || votes[shape] > votes[best] {
			best = shape
		}
	}
	return best
}

// unwrapObjects finds messages that only wrap a free-form object where another
// protocol has the object itself.
func (d *draft) unwrapObjects(model *ir.SDK) bool {
	before := len(d.objects)
	eachField(model, func(t travels) {
		bare := slices.ContainsFunc(t.wires, func(w *ir.WireField) bool {
			return w.Contract != nil && w.Type.Scalar == contract.ScalarObject
		})
		if !bare {
			return
		}
		var o object
		for i, w := range t.wires {
			if w.Contract == nil || wrapped(w.Contract.Type) == nil {
				continue
			}
			o.field = wrapped(w.Contract.Type).Name
			switch t.over[i] {
			case ir.REST:
				o.rest = w.Contract.Type.Message.Name
			case ir.GRPC:
				o.grpc = w.Contract.Type.Message.Name
			}
		}
		if o.field != "" && !slices.Contains(d.objects, o) {
			d.objects = append(d.objects, o)
		}
	})
	return len(d.objects) > before
}

// findSecrets lists the fields whose names say that they are secret.
func (d *draft) findSecrets(model *ir.SDK) bool {
	found := map[string]bool{}
	for _, m := range model.Messages {
		for _, f := range m.Fields {
			if f.Type.Message == nil && isSecret(f.Name) {
				found[f.Name] = true
			}
		}
	}
	before := d.secrets
	d.secrets = slices.Sorted(maps.Keys(found))
	return !slices.Equal(before, d.secrets)
}

// findPaging finds lists that go on with a token.
func (d *draft) findPaging(model *ir.SDK) bool {
	fits, wrong := map[paging]bool{}, map[paging]bool{}
	for _, s := range model.Services {
		for _, m := range s.Methods {
			for _, p := range pagings(m) {
				if lists(m.Response) == 1 {
					fits[p] = true
				} else {
					wrong[p] = true
				}
			}
		}
	}
	before := d.paging
	d.paging = slices.SortedFunc(maps.Keys(fits), func(a, b paging) int {
		return strings.Compare(a.request+a.answer, b.request+b.answer)
	})
	d.paging = slices.DeleteFunc(d.paging, func(p paging) bool { return wrong[p] })
	return !slices.Equal(before, d.paging)
}

// lists counts the lists of objects in an answer.
func lists(m *ir.Message) int {
	n := 0
	for _, f := range m.Fields {
		if f.Type.List && f.Type.Message != nil {
			n++
		}
	}
	return n
}
