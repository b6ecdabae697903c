package grpcrt

import (
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// EnumNumber is a value of an enum that the SDK does not know: its number as text.
func EnumNumber[T ~string, N ~int32](n N) T { return T(strconv.Itoa(int(n))) }

// EncodeTime is a time as protobuf has it; see [runtime.EncodeTime].
func EncodeTime(e *runtime.Encoder, in *time.Time) *timestamppb.Timestamp {
	return timestamppb.New(runtime.EncodeTime(e, in))
}

// DecodeTime is a time in UTC; nil is the zero time.
func DecodeTime(in *timestamppb.Timestamp) time.Time {
	if in == nil {
		return time.Time{}
	}
	return in.AsTime()
}

// EncodeDuration is a duration as protobuf has it.
func EncodeDuration(_ *runtime.Encoder, in *time.Duration) *durationpb.Duration {
	return durationpb.New(*in)
}

// DecodeDuration is a duration; nil is zero. One that int64 nanoseconds cannot
// hold (about 292 years) is the longest there is.
func DecodeDuration(in *durationpb.Duration) time.Duration { return in.AsDuration() }

// EncodeMask is a field mask as protobuf has it; nil stays nil.
func EncodeMask(paths []string) *fieldmaskpb.FieldMask {
	if paths == nil {
		return nil
	}
	return &fieldmaskpb.FieldMask{Paths: paths}
}

// EncodeAny is a free-form value as protobuf has it; nil stays nil where it is a
// field, and is null where it is an item.
func EncodeAny(e *runtime.Encoder, in *any) *structpb.Value { return value(runtime.EncodeAny(e, in)) }

// Any is a free-form value for a field; nil stays nil.
func Any(v any) *structpb.Value {
	if v == nil {
		return nil
	}
	return value(v)
}

// DecodeAny is a free-form value of an answer; absent and null are nil.
func DecodeAny(in *structpb.Value) any { return in.AsInterface() }

// EncodeObject is a free-form map within a list or map.
func EncodeObject(e *runtime.Encoder, in *map[string]any) *structpb.Struct {
	out := Struct(runtime.EncodeObject(e, in))
	if out == nil {
		out = &structpb.Struct{}
	}
	return out
}

// EncodeList is a list of free-form values as protobuf has it; nil stays nil.
func EncodeList(items []any) *structpb.ListValue {
	if items == nil {
		return nil
	}
	out := &structpb.ListValue{Values: make([]*structpb.Value, len(items))}
	for i, item := range items {
		out.Values[i] = value(item)
	}
	return out
}

// DecodeList is a list of free-form values; absent and empty are nil.
func DecodeList(in *structpb.ListValue) []any { return runtime.NonEmpty(in.AsSlice()) }

// BytesValue wraps bytes; nil stays nil.
func BytesValue(in []byte) *wrapperspb.BytesValue {
	if in == nil {
		return nil
	}
	return wrapperspb.Bytes(in)
}

// The encoders and decoders of google/protobuf/wrappers.proto.

// WrapDouble makes a google.protobuf.DoubleValue of a value.
func WrapDouble(_ *runtime.Encoder, in *float64) *wrapperspb.DoubleValue {
	return wrapperspb.Double(*in)
}

// WrapFloat makes a google.protobuf.FloatValue of a value.
func WrapFloat(_ *runtime.Encoder, in *float32) *wrapperspb.FloatValue {
	return wrapperspb.Float(*in)
}

// WrapInt64 makes a google.protobuf.Int64Value of a value.
func WrapInt64(_ *runtime.Encoder, in *int64) *wrapperspb.Int64Value {
	return wrapperspb.Int64(*in)
}

// WrapUint64 makes a google.protobuf.UInt64Value of a value.
func WrapUint64(_ *runtime.Encoder, in *uint64) *wrapperspb.UInt64Value {
	return wrapperspb.UInt64(*in)
}

// WrapInt32 makes a google.protobuf.Int32Value of a value.
func WrapInt32(_ *runtime.Encoder, in *int32) *wrapperspb.Int32Value {
	return wrapperspb.Int32(*in)
}

// WrapUint32 makes a google.protobuf.UInt32Value of a value.
func WrapUint32(_ *runtime.Encoder, in *uint32) *wrapperspb.UInt32Value {
	return wrapperspb.UInt32(*in)
}

// WrapBool makes a google.protobuf.BoolValue of a value.
func WrapBool(_ *runtime.Encoder, in *bool) *wrapperspb.BoolValue {
	return wrapperspb.Bool(*in)
}

// WrapString makes a google.protobuf.StringValue of a value, which must be UTF-8.
func WrapString(e *runtime.Encoder, in *string) *wrapperspb.StringValue {
	return wrapperspb.String(runtime.Same(e, in))
}

// WrapBytes makes a google.protobuf.BytesValue of a value.
func WrapBytes(_ *runtime.Encoder, in *[]byte) *wrapperspb.BytesValue {
	return wrapperspb.Bytes(*in)
}

// UnwrapDouble is the value of a google.protobuf.DoubleValue; nil is zero.
func UnwrapDouble(in *wrapperspb.DoubleValue) float64 { return in.GetValue() }

// UnwrapFloat is the value of a google.protobuf.FloatValue; nil is zero.
func UnwrapFloat(in *wrapperspb.FloatValue) float32 { return in.GetValue() }

// UnwrapInt64 is the value of a google.protobuf.Int64Value; nil is zero.
func UnwrapInt64(in *wrapperspb.Int64Value) int64 { return in.GetValue() }

// UnwrapUint64 is the value of a google.protobuf.UInt64Value; nil is zero.
func UnwrapUint64(in *wrapperspb.UInt64Value) uint64 { return in.GetValue() }

// UnwrapInt32 is the value of a google.protobuf.Int32Value; nil is zero.
func UnwrapInt32(in *wrapperspb.Int32Value) int32 { return in.GetValue() }

// UnwrapUint32 is the value of a google.protobuf.UInt32Value; nil is zero.
func UnwrapUint32(in *wrapperspb.UInt32Value) uint32 { return in.GetValue() }

// UnwrapBool is the value of a google.protobuf.BoolValue; nil is zero.
func UnwrapBool(in *wrapperspb.BoolValue) bool { return in.GetValue() }

// UnwrapString is the value of a google.protobuf.StringValue; nil is zero.
func UnwrapString(in *wrapperspb.StringValue) string { return in.GetValue() }

// UnwrapBytes is the value of a google.protobuf.BytesValue; nil is nil.
func UnwrapBytes(in *wrapperspb.BytesValue) []byte { return in.GetValue() }
