package authorizer_test

import (
	"fmt"
	"log"
	"strconv"

	"google.golang.org/grpc/codes"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// server is what the examples call: a loopback server that answers a few methods
// as an Authorizer server does.
type server struct {
	URL, GRPCEndpoint, ClientID, AdminSecret string
	Close                                    func()
}

func startServer() *server {
	s, err := sdktest.New()
	if err != nil {
		log.Fatal(err)
	}
	for method, h := range map[string]sdktest.Handler{
		"meta": answerMeta, "login": answerLogin, "verify_otp": answerOTP, "session": answerSession, "profile": answerProfile,
		"get_token": answerToken, "users": answerUsers, "add_webhook": answerWebhook, "check_permissions": answerChecks,
	} {
		s.On(method, h)
	}
	return &server{s.URL(), s.GRPCAddr(), sdktest.ClientID, sdktest.AdminSecret, s.Close}
}

func answerMeta(r *sdktest.Request) *sdktest.Answer {
	if r.Nth <= 2 && r.Header.Get("X-Flaky") != "" {
		return sdktest.Fail(codes.Unavailable, "try again")
	}
	return &sdktest.Answer{Result: &authorizerv1.Meta{Version: "2.3.0-rc.9", IsSignUpEnabled: true}}
}

func zoe() *authorizerv1.User {
	return &authorizerv1.User{Id: "1", Email: "zoe@example.com", GivenName: "Zoe", Roles: []string{"user"}}
}

func answerLogin(r *sdktest.Request) *sdktest.Answer {
	switch {
	case r.Value("password") != "Password@123":
		return sdktest.Fail(codes.Unauthenticated, "invalid credentials")
	case r.Value("email") == "otp@example.com":
		a := sdktest.SetCookies("mfa_session=m1; Path=/; HttpOnly; Secure")
		a.Result = &authorizerv1.AuthResponse{Message: "Please check email inbox for the OTP", ShouldShowEmailOtpScreen: true}
		return a
	}
	return loggedIn("Logged in successfully")
}

func loggedIn(message string) *sdktest.Answer {
	a := sdktest.SetCookies("cookie_session=c1; Path=/; Max-Age=86400; HttpOnly; Secure")
	a.Result = &authorizerv1.AuthResponse{Message: message, AccessToken: "access-1", RefreshToken: "refresh-1", ExpiresIn: 1800, User: zoe()}
	return a
}

func answerOTP(r *sdktest.Request) *sdktest.Answer {
	if r.Cookie("mfa_session") != "m1" || r.Value("otp") != "123456" {
		return sdktest.Fail(codes.Unauthenticated, "invalid session")
	}
	return loggedIn("OTP verified successfully.")
}

func answerSession(r *sdktest.Request) *sdktest.Answer {
	if r.Cookie("cookie_session") == "" {
		return sdktest.Fail(codes.Unauthenticated, "unauthorized")
	}
	return loggedIn("Session token refreshed")
}

func answerProfile(r *sdktest.Request) *sdktest.Answer {
	if r.Header.Get("Authorization") == "" {
		return sdktest.Fail(codes.Unauthenticated, "unauthorized")
	}
	return &sdktest.Answer{Result: zoe()}
}

func answerToken(r *sdktest.Request) *sdktest.Answer {
	n := strconv.Itoa(r.Nth + 1)
	return &sdktest.Answer{JSON: map[string]any{"access_token": "access-" + n, "refresh_token": "refresh-" + n, "expires_in": 1800}}
}

func answerUsers(r *sdktest.Request) *sdktest.Answer {
	const total = 5
	limit, _ := strconv.ParseInt(r.Value("pagination", "limit"), 10, 64)
	page, _ := strconv.ParseInt(r.Value("pagination", "page"), 10, 64)
	if limit == 0 {
		limit = 10
	}
	page = max(page, 1)
	res := &authorizerv1.UsersResponse{Pagination: &authorizerv1.Pagination{Limit: limit, Page: page, Offset: (page - 1) * limit, Total: total}}
	for i := (page - 1) * limit; i < min(page*limit, total); i++ {
		res.Users = append(res.Users, &authorizerv1.User{Id: fmt.Sprint(i + 1), Email: fmt.Sprintf("user%d@example.com", i+1)})
	}
	return &sdktest.Answer{Result: res}
}

func answerWebhook(*sdktest.Request) *sdktest.Answer {
	return &sdktest.Answer{Result: &authorizerv1.AddWebhookResponse{Message: "Webhook added successfully"}}
}

func answerChecks(*sdktest.Request) *sdktest.Answer {
	return &sdktest.Answer{Result: &authorizerv1.CheckPermissionsResponse{Results: []*authorizerv1.PermissionCheckResult{
		{Relation: "viewer", Object: "document:1", Allowed: true}, {Relation: "owner", Object: "document:1"},
	}}}
}
