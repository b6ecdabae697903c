package resolve

import (
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// paging finds the way in which the row's list comes in pages, if it does.
func (r *resolver) paging(one *row) {
	if one.Request == nil || one.Response == nil {
		return
	}
	for _, rule := range r.Manifest.Paging {
		p := pagingBy(rule, one.Method)
		if p == nil {
			continue
		}
		r.used[rule.Pos] = true
		if p.Items = onlyList(one.Response); p.Items == nil {
			r.add(UnusableEntry.ofMethod(one.Name), one.manifest.Pos, "", "method %s pages by %s, but its answer %s has not one list of objects that could be the entries", one.Name, rule.Style, one.Response.GoName)
			return
		}
		one.Paging = p
		return
	}
}

// pagingBy applies one rule; nil where the method does not have its fields.
func pagingBy(rule manifest.Paging, m *ir.Method) *ir.Paging {
	p := &ir.Paging{Request: m.Request.Field(rule.Request.Value), Answer: m.Response.Field(rule.Answer.Value)}
	if p.Request == nil || p.Answer == nil {
		return nil
	}
	if rule.Style.Value == "token" {
		if !p.Request.Pointer || !isSingle(p.Request, contract.ScalarString) || !isSingle(p.Answer, contract.ScalarString) {
			return nil
		}
		return p
	}
	request, answer := p.Request.Type.Message, p.Answer.Type.Message
	if request == nil || answer == nil || p.Request.Type.List || p.Answer.Type.List {
		return nil
	}
	p.Page, p.Offset, p.Total = request.Field(rule.Page.Value), answer.Field(rule.Offset.Value), answer.Field(rule.Total.Value)
	if !isSingle(p.Page, contract.ScalarInt64) || !p.Page.Pointer || !isSingle(p.Offset, contract.ScalarInt64) || !isSingle(p.Total, contract.ScalarInt64) {
		return nil
	}
	return p
}

// iterators names the methods of one client that walk all pages: AllUsers for
// Users, and AllUsers for ListUsers as well, unless the client has another method
// or iterator of that name; then it is AllListUsers.
func iterators(s *ir.Service) {
	taken := map[string]int{}
	for _, m := range s.Methods {
		taken[m.GoName]++
		if m.Paging != nil {
			m.Paging.Iterator = "All" + m.GoName
			taken[iteratorName(m.GoName)]++
		}
	}
	for _, m := range s.Methods {
		if short := iteratorName(m.GoName); m.Paging != nil && taken[short] == 1 {
			m.Paging.Iterator = short
		}
	}
}

// iteratorClashes reports methods that are called as an iterator must be.
func (r *resolver) iteratorClashes(s *ir.Service) {
	for _, m := range s.Methods {
		if m.Paging == nil {
			continue
		}
		i := slices.IndexFunc(s.Methods, func(other *ir.Method) bool { return other.GoName == m.Paging.Iterator })
		if i >= 0 {
			other := s.Methods[i]
			r.add(NameClash.ofMethod(other.Name), other.Pos, "rename one of them, or give it another Go name: naming: {methods: {"+other.Name+": GoName}}",
				"method %s has the Go name %s, which is that of the iterator over all pages of %s", other.Name, other.GoName, m.Name)
		}
	}
}

// iteratorName is the name that is wanted for the iterator of a method.
func iteratorName(method string) string {
	if words(method)[0] == "List" {
		method = strings.TrimPrefix(method, "List")
	}
	return "All" + method
}

func isSingle(f *ir.Field, scalar contract.Scalar) bool {
	return f != nil && f.Type.Scalar == scalar && !f.Type.List
}

// onlyList is the one list of objects among the fields, or nil.
func onlyList(m *ir.Message) *ir.Field {
	var found *ir.Field
	for _, f := range m.Fields {
		if f.Type.List && f.Type.Message != nil {
			if found != nil {
				return nil
			}
			found = f
		}
	}
	return found
}
