package server

import (
	"context"
	"slices"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// userService is the service of users. The gRPC front is the generated one.
type userService struct {
	authorizerv1.UnimplementedAuthorizerServiceServer
	state *state
}

func invalid(message string) error { return status.Error(codes.InvalidArgument, message) }

// Meta tells about the server.
func (s *userService) Meta(context.Context, *authorizerv1.MetaRequest) (*authorizerv1.Meta, error) {
	return &authorizerv1.Meta{
		Version:                      "demo",
		ClientId:                     ClientID,
		IsBasicAuthenticationEnabled: true,
		IsSignUpEnabled:              true,
	}, nil
}

// Signup adds a user and logs it in.
func (s *userService) Signup(ctx context.Context, in *authorizerv1.SignupRequest) (*authorizerv1.AuthResponse, error) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	email := strings.ToLower(in.GetEmail())
	switch {
	case in.GetConfirmPassword() != in.GetPassword():
		return nil, invalid("password and confirm password does not match")
	case len(in.GetPassword()) < 6 || len(in.GetPassword()) > 36:
		return nil, invalid("password must be of minimum 6 characters and maximum 36 characters")
	case email == "":
		return nil, invalid("email or phone number is required")
	case !strings.Contains(email, "@"):
		return nil, invalid("invalid email address")
	case s.state.byEmail(email) != nil:
		return nil, invalid("signup failed. please check your credentials or try a different method")
	}
	a := s.state.add(&authorizerv1.User{
		Email:                    email,
		EmailVerified:            true,
		SignupMethods:            "basic_auth",
		GivenName:                in.GetGivenName(),
		FamilyName:               in.GetFamilyName(),
		MiddleName:               in.GetMiddleName(),
		Nickname:                 in.GetNickname(),
		PreferredUsername:        email,
		Gender:                   in.GetGender(),
		Birthdate:                in.GetBirthdate(),
		Picture:                  in.GetPicture(),
		Roles:                    slices.Clone(in.GetRoles()),
		IsMultiFactorAuthEnabled: in.GetIsMultiFactorAuthEnabled(),
		AppData:                  proto.CloneOf(in.GetAppData()),
	}, in.GetPassword())
	answer := s.tokens(ctx, a, in.GetScope())
	answer.Message, answer.IdToken = "Signed up successfully.", ""
	return answer, nil
}

// Login logs a user in.
func (s *userService) Login(ctx context.Context, in *authorizerv1.LoginRequest) (*authorizerv1.AuthResponse, error) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	if in.GetEmail() == "" && in.GetPhoneNumber() == "" {
		return nil, invalid("email or phone number is required")
	}
	a := s.state.byEmail(strings.ToLower(in.GetEmail()))
	if !s.state.knows(a, in.GetPassword()) {
		return nil, status.Error(codes.Unauthenticated, "invalid credentials")
	}
	answer := s.tokens(ctx, a, in.GetScope())
	answer.Message = "Logged in successfully"
	return answer, nil
}

// tokens makes the tokens of a login; the lock is held.
func (s *userService) tokens(ctx context.Context, a *account, scope []string) *authorizerv1.AuthResponse {
	c := claims{callerFrom(ctx).issuer, ClientID, a.user.GetId(), s.state.tick(), ""}
	token := func(kind string) string {
		c.Type = kind
		return s.state.sign(c)
	}
	answer := &authorizerv1.AuthResponse{
		AccessToken: token("access_token"),
		IdToken:     token("id_token"),
		ExpiresIn:   lifetime,
		User:        copyUser(a.user),
	}
	if slices.Contains(scope, "offline_access") {
		answer.RefreshToken = token("refresh_token")
	}
	return answer
}

// Profile returns the calling user.
func (s *userService) Profile(ctx context.Context, _ *authorizerv1.ProfileRequest) (*authorizerv1.User, error) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	a, err := s.state.authenticate(ctx)
	if err != nil {
		return nil, err
	}
	return copyUser(a.user), nil
}

// CheckPermissions answers under a fixed model: documents have viewers and
// owners; everybody views document:welcome, nobody owns anything, and what the
// call itself claims for its time (contextual tuples) holds.
func (s *userService) CheckPermissions(ctx context.Context, in *authorizerv1.CheckPermissionsRequest) (*authorizerv1.CheckPermissionsResponse, error) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	a, err := s.state.authenticate(ctx)
	if err != nil {
		return nil, err
	}
	subject := "user:" + a.user.GetId()
	switch {
	case in.GetUser() != "" && in.GetUser() != subject && in.GetUser() != a.user.GetId():
		return nil, status.Error(codes.PermissionDenied, "not authorized to query authorization for another subject")
	case len(in.GetChecks()) == 0:
		return nil, invalid("at least one check is required")
	}
	answer := &authorizerv1.CheckPermissionsResponse{}
	for _, check := range in.GetChecks() {
		allowed, err := holds(subject, check)
		if err != nil {
			return nil, err
		}
		answer.Results = append(answer.Results, &authorizerv1.PermissionCheckResult{
			Relation: check.GetRelation(), Object: check.GetObject(), Allowed: allowed,
		})
	}
	return answer, nil
}

// holds answers one check.
func holds(subject string, check *authorizerv1.PermissionCheckInput) (bool, error) {
	relation, object := check.GetRelation(), check.GetObject()
	if relation == "" || object == "" {
		return false, invalid("each check requires relation and object")
	}
	if (relation != "viewer" && relation != "owner") || !strings.HasPrefix(object, "document:") {
		return false, status.Error(codes.PermissionDenied, "authorization check failed")
	}
	claimed := slices.ContainsFunc(check.GetContextualTuples(), func(t *authorizerv1.FgaTupleInput) bool {
		return t.GetUser() == subject && t.GetRelation() == relation && t.GetObject() == object
	})
	return claimed || (relation == "viewer" && object == "document:welcome"), nil
}

// byEmail finds an account; the lock is held.
func (s *state) byEmail(email string) *account {
	if email == "" {
		return nil
	}
	return s.find(func(u *authorizerv1.User) bool { return u.GetEmail() == email })
}
