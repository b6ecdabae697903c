package emulator

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// rule is what the contract's protos demand of a field: the length of a text,
// the number of a list's elements, or the size of a number. A maximum of 0 is
// none.
type rule struct {
	field    string // in wire names, such as pagination.limit
	min, max int
}

// rules are the rules of a request, in the order of the fields. A test compares
// them with the protos.
func rules(request string) []rule {
	email, phone := rule{"email", 0, 320}, rule{"phone_number", 0, 32}
	id := rule{"id", 1, 0}
	switch request {
	case "SignupRequest":
		return []rule{email, phone, {"password", 1, 128}, {"confirm_password", 1, 128}}
	case "LoginRequest":
		return []rule{email, phone, {"password", 1, 128}}
	case "MagicLinkLoginRequest":
		return []rule{email}
	case "VerifyEmailRequest":
		return []rule{{"token", 1, 0}}
	case "ResendVerifyEmailRequest":
		return []rule{email, {"identifier", 1, 0}}
	case "VerifyOTPRequest":
		return []rule{email, phone, {"otp", 1, 16}}
	case "ResendOTPRequest", "ForgotPasswordRequest":
		return []rule{email, phone}
	case "ResetPasswordRequest":
		return []rule{phone, {"password", 1, 128}, {"confirm_password", 1, 128}}
	case "UpdateProfileRequest":
		return []rule{{"new_password", 0, 128}, {"confirm_new_password", 0, 128}, email, phone}
	case "RevokeRequest":
		return []rule{{"refresh_token", 1, 0}}
	case "ValidateJWTTokenRequest":
		return []rule{{"token_type", 1, 0}, {"token", 1, 0}}
	case "ValidateSessionRequest":
		return []rule{{"cookie", 1, 0}}
	case "CheckPermissionsRequest":
		return []rule{{"checks", 1, 100}}
	case "AdminLoginRequest":
		return []rule{{"admin_secret", 1, 0}}
	case "UpdateUserRequest", "UpdateWebhookRequest", "DeleteWebhookRequest", "GetWebhookRequest",
		"UpdateEmailTemplateRequest", "DeleteEmailTemplateRequest":
		return []rule{id}
	case "DeleteUserRequest":
		return []rule{{"email", 1, 0}}
	case "RevokeAccessRequest", "EnableAccessRequest":
		return []rule{{"user_id", 1, 0}}
	case "AddWebhookRequest":
		return []rule{{"event_name", 1, 0}, {"endpoint", 1, 0}}
	case "TestEndpointRequest":
		return []rule{{"endpoint", 1, 0}, {"event_name", 1, 0}}
	case "AddEmailTemplateRequest":
		return []rule{{"event_name", 1, 0}, {"subject", 1, 0}, {"template", 1, 0}}
	case "FGAWriteModelRequest":
		return []rule{{"dsl", 1, 0}}
	case "FGAListUsersRequest":
		return []rule{{"object", 1, 0}, {"relation", 1, 0}, {"user_type", 1, 0}}
	case "FGAExpandRequest":
		return []rule{{"relation", 1, 0}, {"object", 1, 0}}
	case "UsersRequest", "VerificationRequestsRequest", "WebhooksRequest", "WebhookLogsRequest", "EmailTemplatesRequest", "AuditLogsRequest":
		return []rule{{"pagination.page", 0, 0}, {"pagination.limit", 0, 1000}}
	}
	return nil
}

// validate holds a request against the rules of the contract's protos. The real
// server does so over REST and gRPC; over GraphQL it has other rules, those of
// the schema.
func validate(p authorizer.Protocol, request any) error {
	v := reflect.ValueOf(request)
	if p == authorizer.ProtocolGraphQL || v.Kind() != reflect.Pointer || v.IsNil() {
		return nil
	}
	var found []string
	for _, r := range rules(v.Elem().Type().Name()) {
		if problem := r.problem(lookup(v.Elem(), r.field)); problem != "" {
			found = append(found, r.field+": "+problem)
		}
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return invalid("validation error: %s", found[0])
	}
	return invalid("validation errors:\n - %s", strings.Join(found, "\n - "))
}

// lookup follows a path of wire names; an invalid value if something on it is
// not set.
func lookup(v reflect.Value, path string) reflect.Value {
	for name := range strings.SplitSeq(path, ".") {
		v = reflect.Indirect(v)
		if !v.IsValid() {
			return v
		}
		v = v.FieldByIndex(fieldOf(v.Type(), name))
	}
	return reflect.Indirect(v)
}

// fieldOf is the field of a wire name. A rule for a field that does not exist
// is a mistake that the test of the rules finds.
func fieldOf(t reflect.Type, name string) []int {
	for f := range t.Fields() {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return f.Index
		}
	}
	panic(fmt.Sprintf("%s has no field %s", t, name))
}

func (r rule) problem(v reflect.Value) string {
	if !v.IsValid() {
		return r.problem(reflect.ValueOf(""))
	}
	switch v.Kind() {
	case reflect.String:
		n := utf8.RuneCountInString(v.String())
		switch {
		case n < r.min:
			return fmt.Sprintf("must be at least %d characters", r.min)
		case r.max > 0 && n > r.max:
			return fmt.Sprintf("must be at most %d characters", r.max)
		}
	case reflect.Slice:
		switch {
		case v.Len() < r.min:
			return fmt.Sprintf("must contain at least %d item(s)", r.min)
		case r.max > 0 && v.Len() > r.max:
			return fmt.Sprintf("must contain no more than %d item(s)", r.max)
		}
	default:
		return r.numberProblem(v.Int())
	}
	return ""
}

func (r rule) numberProblem(n int64) string {
	switch {
	case r.max == 0 && n < int64(r.min):
		return fmt.Sprintf("must be greater than or equal to %d", r.min)
	case r.max > 0 && (n < int64(r.min) || n > int64(r.max)):
		return fmt.Sprintf("must be greater than or equal to %d and less than or equal to %d", r.min, r.max)
	}
	return ""
}
