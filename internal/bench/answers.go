package bench

import (
	"bytes"
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// operation is a method that is measured.
type operation string

const (
	opMeta    operation = "meta"
	opProfile operation = "profile"
	opUsers   operation = "users"
)

func operations() []operation { return []operation{opMeta, opProfile, opUsers} }

// userCount is how many users the answer to users holds.
const userCount = 50

// answer is what the stub answers to an operation over each protocol.
type answer struct{ graphql, rest, grpc []byte }

// answers are the same values in the three forms that the server has: REST is
// the proto message in JSON, GraphQL has plain numbers and maps instead.
func answers() (map[operation]answer, error) {
	out := make(map[operation]answer)
	for op, message := range map[operation]proto.Message{opMeta: meta(), opProfile: user(0), opUsers: users()} {
		a, err := encode(message)
		if err != nil {
			return nil, fmt.Errorf("answer of %s: %w", op, err)
		}
		out[op] = a
	}
	return out, nil
}

func encode(message proto.Message) (a answer, err error) {
	if a.grpc, err = proto.Marshal(message); err != nil {
		return a, err
	}
	if a.rest, err = restJSON(message); err != nil {
		return a, err
	}
	a.graphql, err = graphqlJSON(message)
	return a, err
}

// restJSON writes a message as the server does: fields of the proto, the unset
// ones too, and 64-bit integers as texts.
func restJSON(message proto.Message) ([]byte, error) {
	text, err := protojson.MarshalOptions{UseProtoNames: true, EmitUnpopulated: true}.Marshal(message)
	if err != nil {
		return nil, err
	}
	var compact bytes.Buffer // protojson puts blanks where it likes
	err = json.Compact(&compact, text)
	return compact.Bytes(), err
}

// graphqlJSON writes a message as the data of the SDK's operations, whose root
// field has the name result.
func graphqlJSON(message proto.Message) ([]byte, error) {
	var result any
	switch m := message.(type) {
	case *authorizerv1.Meta: // flags and texts look alike
		text, err := restJSON(m)
		if err != nil {
			return nil, err
		}
		result = json.RawMessage(text)
	case *authorizerv1.User:
		result = graphqlUser(m)
	case *authorizerv1.UsersResponse:
		list := make([]any, len(m.GetUsers()))
		for i, u := range m.GetUsers() {
			list[i] = graphqlUser(u)
		}
		result = map[string]any{"users": list, "pagination": m.GetPagination()}
	}
	return json.Marshal(map[string]any{"data": map[string]any{"result": result}})
}

// graphqlUser is a user with its free-form data as the map itself.
func graphqlUser(u *authorizerv1.User) any {
	return struct {
		*authorizerv1.User
		AppData map[string]any `json:"app_data"`
	}{u, appData(u)}
}

// appData is nil where the user has none.
func appData(u *authorizerv1.User) map[string]any {
	if u.AppData == nil {
		return nil
	}
	return u.AppData.GetValue().AsMap()
}

func meta() *authorizerv1.Meta {
	return &authorizerv1.Meta{
		Version: "2.3.0", ClientId: "9a3b1c52-7d1e-4c61-8f58-c7f0f1f2d3a4",
		IsBasicAuthenticationEnabled: true, IsMagicLinkLoginEnabled: true, IsSignUpEnabled: true,
		IsStrongPasswordEnabled: true, IsMobileBasicAuthenticationEnabled: true, IsGoogleLoginEnabled: true,
	}
}

// user is a user in whom every field is set; free-form data, as in the
// recordings, with every third one.
func user(i int) *authorizerv1.User {
	u := &authorizerv1.User{
		Id:    fmt.Sprintf("00000000-0000-4000-8000-%012d", i),
		Email: fmt.Sprintf("user%d@example.com", i), EmailVerified: true,
		SignupMethods: "basic_auth,magic_link_login",
		GivenName:     fmt.Sprintf("Given%d", i), FamilyName: fmt.Sprintf("Family%d", i), MiddleName: "Q",
		Nickname: fmt.Sprintf("nick%d", i), PreferredUsername: fmt.Sprintf("user%d@example.com", i),
		Gender: "female", Birthdate: "1990-01-02",
		PhoneNumber: fmt.Sprintf("+1415555%04d", i), PhoneNumberVerified: true,
		Picture: fmt.Sprintf("https://cdn.example.com/%d.png", i), Roles: []string{"user"},
		CreatedAt: 1750000000, UpdatedAt: 1750000001, RevokedTimestamp: 1750000002, IsMultiFactorAuthEnabled: true,
	}
	if i%3 == 0 {
		u.AppData = &authorizerv1.AppData{Value: &structpb.Struct{Fields: map[string]*structpb.Value{
			"plan": structpb.NewStringValue("pro"), "seats": structpb.NewNumberValue(float64(i + 1)),
		}}}
	}
	return u
}

func users() *authorizerv1.UsersResponse {
	out := &authorizerv1.UsersResponse{Pagination: &authorizerv1.Pagination{Limit: userCount, Page: 1, Total: 1234}}
	for i := range userCount {
		out.Users = append(out.Users, user(i))
	}
	return out
}
