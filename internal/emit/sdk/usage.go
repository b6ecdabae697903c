package sdk

import (
	"slices"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// usage says what a type that nobody described is for: which methods answer it,
// or which types hold it.
func (g *generator) usage(m *ir.Message) string {
	var methods, holders []string
	for _, s := range g.Services {
		for _, method := range s.Methods {
			if method.Response == m {
				methods = append(methods, method.GoName)
			}
		}
	}
	if len(methods) > 0 {
		return "is the answer of " + and(methods)
	}
	for _, holder := range g.Messages {
		if slices.ContainsFunc(holder.Fields, func(f *ir.Field) bool { return f.Type.Message == m }) {
			holders = append(holders, holder.GoName)
		}
	}
	return "is a part of " + and(holders)
}
