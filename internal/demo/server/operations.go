package server

import (
	"context"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// operation is one method as the two HTTP fronts see it.
type operation struct {
	field string // GraphQL's root field
	verb  string // of REST
	path  string // of REST
	input func() proto.Message
	call  func(context.Context, proto.Message) (proto.Message, error)
}

// operations are the methods of the demo.
func operations(users *userService, admins *adminService) []operation {
	return []operation{
		method("meta", "GET", "/v1/meta", users.Meta),
		method("signup", "POST", "/v1/signup", users.Signup),
		method("login", "POST", "/v1/login", users.Login),
		method("profile", "GET", "/v1/profile", users.Profile),
		method("check_permissions", "POST", "/v1/check_permissions", users.CheckPermissions),
		method("_users", "POST", "/v1/admin/users", admins.Users),
		method("_delete_user", "POST", "/v1/admin/delete_user", admins.DeleteUser),
	}
}

// method makes an operation of a method of the generated server interface.
func method[In, Out proto.Message](field, verb, path string, f func(context.Context, In) (Out, error)) operation {
	return operation{
		field: field, verb: verb, path: path,
		input: func() proto.Message {
			var none In
			return none.ProtoReflect().New().Interface()
		},
		call: func(ctx context.Context, in proto.Message) (proto.Message, error) {
			typed, ok := in.(In)
			if !ok {
				return nil, fmt.Errorf("%s: request is a %T", field, in)
			}
			return f(ctx, typed)
		},
	}
}

// validate applies the rules that stand in the protos. They hold over REST and
// gRPC only; GraphQL has its schema.
func validate(in proto.Message) error {
	var wrong []string
	require := func(field, value string) {
		if value == "" {
			wrong = append(wrong, field+": must be at least 1 characters")
		}
	}
	switch m := in.(type) {
	case *authorizerv1.SignupRequest:
		require("password", m.GetPassword())
		require("confirm_password", m.GetConfirmPassword())
	case *authorizerv1.LoginRequest:
		require("password", m.GetPassword())
	case *authorizerv1.DeleteUserRequest:
		require("email", m.GetEmail())
	case *authorizerv1.CheckPermissionsRequest:
		if len(m.GetChecks()) == 0 {
			wrong = append(wrong, "checks: must contain at least 1 item(s)")
		}
	case *authorizerv1.UsersRequest:
		if limit := m.GetPagination().GetLimit(); limit < 0 || limit > 1000 {
			wrong = append(wrong, "pagination.limit: must be greater than or equal to 0 and less than or equal to 1000")
		}
	}
	switch len(wrong) {
	case 0:
		return nil
	case 1:
		return invalid("validation error: " + wrong[0])
	default:
		return invalid("validation errors:\n - " + strings.Join(wrong, "\n - "))
	}
}
