package check

import (
	"maps"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// uncoveredOperation finds operations of the contracts that no row covers.
func uncoveredOperation() rule {
	return rule{
		Rule: report.Rule{ID: "uncovered-operation", Severity: report.Error, Doc: "an operation of a contract that no row covers; ignored of the manifest lists those that are to have none"},
		// There is an entry of its own for it, which names the operation.
		fixed: true,
		find:  (*checker).uncovered,
	}
}

func (c *checker) uncovered() {
	if len(c.Resolved) > 0 {
		return // a row that could not be resolved may be the one
	}
	covered := c.covered()
	for _, p := range ir.Protocols() {
		if c.Contracts[p] == nil {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(c.Contracts[p].Operations)) {
			if covered[operationKey{p, key}] {
				continue
			}
			f := finding{Finding: report.Finding{Protocols: words([]ir.Protocol{p}), Pos: c.Contracts[p].Operations[key].Pos}}
			f.Hint = "add a row to methods, or {" + string(p) + ": " + key + ", reason: WHY} to ignored"
			if entry := c.ignored(p, key); entry != nil {
				f.Accepted = entry.Reason.Value
			}
			c.add(f, "%s has the operation %s, which no method covers", p, key)
		}
	}
}

type operationKey struct {
	protocol ir.Protocol
	key      string
}

// covered are the operations that methods call.
func (c *checker) covered() map[operationKey]bool {
	out := map[operationKey]bool{}
	c.methods(func(m *ir.Method) {
		for _, b := range m.Bindings {
			out[operationKey{b.Protocol, b.Operation.Key}] = true
		}
	})
	return out
}

// ignored is the entry of the manifest that ignores the operation, or nil.
func (c *checker) ignored(p ir.Protocol, key string) *manifest.Ignored {
	for i := range c.Manifest.Ignored {
		if protocol, k := c.Manifest.Ignored[i].Operation(); protocol == string(p) && k.Value == key {
			return &c.Manifest.Ignored[i]
		}
	}
	return nil
}
