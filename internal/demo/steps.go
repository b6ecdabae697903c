package demo

import (
	"context"
	"errors"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// step is one call of the demo.
type step struct {
	name string
	call func(context.Context, *actor) (any, error)
	// show are the fields to print, by the beginning of their paths. All are
	// compared.
	show []string
	// fails is the code that the call should fail with, if it should.
	fails authorizer.Code
	// mayFail: whether it works depends on how a real server is set up.
	mayFail bool
	// leftOut are fields that are not compared, by name.
	leftOut []string
}

// errorMessage names, in leftOut, the message of an error.
const errorMessage = "error message"

// volatile are the fields that are another for every user or login. On the
// embedded server the clock stands and the addresses are known.
func volatile(t Target) []string {
	out := []string{"id", "access_token", "id_token", "refresh_token"}
	if t.Live {
		out = append(out, "email", "preferred_username", "created_at", "updated_at", "expires_in")
	}
	return out
}

// steps are the calls, in order.
func steps(t Target) []step {
	users := step{name: "users", call: users, leftOut: volatile(t),
		show: []string{"pagination", "users[0].email", "users[1].email", "users[1].phone_number", "users[2].email", "users[2].phone_number"}}
	if t.Live {
		users = step{name: "users, our own", call: findInUsers, leftOut: volatile(t),
			show: []string{"users[0].email", "users[0].phone_number", "users[0].app_data"}}
	}
	return []step{
		{name: "signup", call: signup, leftOut: volatile(t),
			show: []string{"message", "access_token", "user.id", "user.email", "user.phone_number", "user.roles", "user.created_at", "user.app_data"}},
		{name: "login", call: login, leftOut: volatile(t),
			show: []string{"message", "expires_in", "access_token", "refresh_token"}},
		{name: "login, wrong password", call: loginWrong, fails: authorizer.CodeUnauthenticated},
		{name: "profile", call: profile, leftOut: volatile(t),
			show: []string{"id", "email", "given_name", "revoked_timestamp", "app_data.seats"}},
		users,
		permissions(t),
		{name: "delete_user", call: deleteUser, show: []string{"message"}},
	}
}

// permissions is a step that needs fine-grained authorization, which the
// embedded server does not have. A real one may, or has another message.
func permissions(t Target) step {
	s := step{name: "check_permissions", call: checkPermissions, show: []string{"results"}, fails: authorizer.CodeFailedPrecondition}
	if t.Live {
		s.fails, s.mayFail, s.leftOut = authorizer.CodeOK, true, []string{errorMessage}
	}
	return s
}

func signup(ctx context.Context, a *actor) (any, error) {
	a.tried = true
	return a.user.Signup(ctx, &authorizer.SignupRequest{
		Email:           &a.email,
		Password:        a.password,
		ConfirmPassword: a.password,
		GivenName:       authorizer.Ptr("Alice"),
		Scope:           []string{"openid", "email", "profile", "offline_access"},
		AppData: map[string]any{
			"plan":   "pro",
			"seats":  3,
			"limits": map[string]any{"cpu": 2.5, "gpu": nil},
			"tags":   []string{"a", "b"},
		},
	})
}

func login(ctx context.Context, a *actor) (any, error) {
	answer, err := a.user.Login(ctx, &authorizer.LoginRequest{
		Email:    &a.email,
		Password: a.password,
		Scope:    []string{"openid", "email", "profile", "offline_access"},
	})
	if err == nil {
		a.token = answer.AccessToken
	}
	return answer, err
}

func loginWrong(ctx context.Context, a *actor) (any, error) {
	return a.user.Login(ctx, &authorizer.LoginRequest{Email: &a.email, Password: "Wrong@12345"})
}

func profile(ctx context.Context, a *actor) (any, error) {
	return a.user.Profile(ctx, authorizer.WithBearerToken(a.token))
}

func users(ctx context.Context, a *actor) (any, error) {
	return a.admin.Users(ctx, hundred())
}

// findInUsers walks the pages of a real server until it meets the actor's own
// user, and shows no other.
func findInUsers(ctx context.Context, a *actor) (any, error) {
	for u, err := range a.admin.AllUsers(ctx, hundred()) {
		if err != nil {
			return nil, err
		}
		if u.Email == a.email {
			return &authorizer.UsersResponse{Users: []authorizer.User{u}}, nil
		}
	}
	return nil, errors.New("the user is on none of the pages")
}

// hundred asks for the first page, of up to a hundred users.
func hundred() *authorizer.UsersRequest {
	return &authorizer.UsersRequest{
		Pagination: &authorizer.PaginationRequest{Page: authorizer.Ptr(int64(1)), Limit: authorizer.Ptr(int64(100))},
	}
}

func checkPermissions(ctx context.Context, a *actor) (any, error) {
	return a.user.CheckPermissions(ctx, &authorizer.CheckPermissionsRequest{
		Checks: []authorizer.PermissionCheckInput{
			{Relation: "viewer", Object: "document:welcome"},
			{Relation: "owner", Object: "document:welcome"},
		},
	}, authorizer.WithBearerToken(a.token))
}

func deleteUser(ctx context.Context, a *actor) (any, error) {
	answer, err := a.admin.DeleteUser(ctx, &authorizer.DeleteUserRequest{Email: a.email})
	a.deleted = err == nil
	return answer, err
}
