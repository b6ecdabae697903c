package grpcrt

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// callError makes an error of what a stub returned. The status stays
// reachable as its cause, for those who know gRPC, and so does why there was no
// connection, which may be nil.
func callError(ctx context.Context, call *runtime.Call, err, dial error) error {
	if ended := call.Ended(ctx, err); ended != nil {
		return ended
	}
	if call.Closed() && status.Code(err) == codes.Canceled {
		return call.Errorf(runtime.CodeFailedPrecondition, "the client was closed during the call: %w", err)
	}
	st, ok := status.FromError(err)
	if !ok {
		return call.Fail(runtime.CodeUnknown, err.Error(), err)
	}
	code, serverCode := call.ErrorTable().GRPCCode(uint32(st.Code()))
	message := withoutBody(st.Message())
	if st.Code() == codes.Unavailable {
		message += advice(dial)
	}
	e := call.Fail(code, message, cause(st, err, dial))
	e.ServerCode = serverCode
	for _, detail := range st.Details() {
		switch detail := detail.(type) {
		case *errdetails.BadRequest:
			e.Violations = append(e.Violations, violations(detail)...)
		case *errdetails.RetryInfo:
			call.SetRetryAfter(detail.GetRetryDelay().AsDuration())
		}
	}
	// What grpc-go refuses by itself, such as an answer over the limit, begins
	// with its name; what is left is the server's word.
	if st.Code() == codes.ResourceExhausted && !strings.HasPrefix(st.Message(), "grpc: ") {
		call.SetTurnedAway()
	}
	return e
}

// cause adds to a status that means that there is no connection why.
func cause(st *status.Status, err, dial error) error {
	if st.Code() == codes.Unavailable && dial != nil {
		return errors.Join(err, dial)
	}
	return err
}

// withoutBody cuts off what grpc-go quotes of an answer that is not gRPC.
func withoutBody(message string) string {
	const unexpected = "unexpected HTTP status code received from server"
	if strings.HasPrefix(message, unexpected) {
		message, _, _ = strings.Cut(message, "\ndata: ")
	}
	return message
}

// violations are the field violations among the details of a status.
func violations(bad *errdetails.BadRequest) []runtime.FieldViolation {
	var found []runtime.FieldViolation
	for _, v := range bad.GetFieldViolations() {
		found = append(found, runtime.FieldViolation{Field: v.GetField(), Description: v.GetDescription()})
	}
	return found
}
