package grpcrt

import (
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// Struct is a free-form map as protobuf has it. The map holds the shapes that
// [runtime.Object] makes, and nothing else; nil stays nil.
func Struct(m map[string]any) *structpb.Struct {
	if m == nil {
		return nil
	}
	out := &structpb.Struct{Fields: make(map[string]*structpb.Value, len(m))}
	for key, v := range m {
		out.Fields[key] = value(v)
	}
	return out
}

func value(v any) *structpb.Value {
	switch v := v.(type) {
	case string:
		return structpb.NewStringValue(v)
	case float64:
		return structpb.NewNumberValue(v)
	case bool:
		return structpb.NewBoolValue(v)
	case map[string]any:
		return structpb.NewStructValue(Struct(v))
	case []any:
		list := &structpb.ListValue{Values: make([]*structpb.Value, len(v))}
		for i, item := range v {
			list.Values[i] = value(item)
		}
		return structpb.NewListValue(list)
	default:
		return structpb.NewNullValue()
	}
}

// Map is a free-form map of an answer; absent and empty are nil.
func Map(s *structpb.Struct) map[string]any {
	return runtime.NonEmptyMap(s.AsMap())
}
