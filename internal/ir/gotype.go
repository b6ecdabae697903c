package ir

import "github.com/triwire/authorizer-sdk/internal/contract"

// GoType is the field's type as Go writes it in the SDK's own package.
func (f *Field) GoType() string {
	if f.Pointer {
		return "*" + f.Type.Go()
	}
	return f.Type.Go()
}

// Go is the type as Go writes it in the SDK's own package.
func (t Type) Go() string {
	prefix := map[bool]string{t.List: "[]", t.Map: "map[string]"}[true]
	switch {
	case t.Elem != nil:
		return prefix + t.Elem.Go()
	case t.Message != nil:
		return prefix + t.Message.GoName
	case t.Enum != nil:
		return prefix + t.Enum.GoName
	}
	named := map[contract.Scalar]string{
		contract.ScalarObject: "map[string]any", contract.ScalarBytes: "[]byte",
		contract.ScalarTimestamp: "time.Time", contract.ScalarDuration: "time.Duration",
	}
	if name, ok := named[t.Scalar]; ok {
		return prefix + name
	}
	return prefix + string(t.Scalar)
}
