package bench

import authorizer "github.com/triwire/authorizer-sdk/sdk"

// The plain structs of the floor. Over GraphQL they are the SDK's own flat
// types, which have the same names on the wire. Over REST integers are texts
// and free-form data lies one level deeper.

type graphqlRequest struct {
	Query     string `json:"query"`
	Variables any    `json:"variables,omitempty"`
}

type usersVariables struct {
	Params usersRequest `json:"params"`
}

type usersRequest struct {
	Pagination pageRequest `json:"pagination"`
}

type pageRequest struct {
	Limit int64 `json:"limit"`
	Page  int64 `json:"page"`
}

type graphqlData[T any] struct {
	Data struct {
		Result T `json:"result"`
	} `json:"data"`
	Errors []struct {
		Message string `json:"message"`
	} `json:"errors"`
}

type restUser struct {
	ID                       string   `json:"id"`
	Email                    string   `json:"email"`
	EmailVerified            bool     `json:"email_verified"`
	SignupMethods            string   `json:"signup_methods"`
	GivenName                string   `json:"given_name"`
	FamilyName               string   `json:"family_name"`
	MiddleName               string   `json:"middle_name"`
	Nickname                 string   `json:"nickname"`
	PreferredUsername        string   `json:"preferred_username"`
	Gender                   string   `json:"gender"`
	Birthdate                string   `json:"birthdate"`
	PhoneNumber              string   `json:"phone_number"`
	PhoneNumberVerified      bool     `json:"phone_number_verified"`
	Picture                  string   `json:"picture"`
	Roles                    []string `json:"roles"`
	CreatedAt                int64    `json:"created_at,string"`
	UpdatedAt                int64    `json:"updated_at,string"`
	RevokedTimestamp         int64    `json:"revoked_timestamp,string"`
	IsMultiFactorAuthEnabled bool     `json:"is_multi_factor_auth_enabled"`
	AppData                  struct {
		Value map[string]any `json:"value"`
	} `json:"app_data"`
}

type restUsers struct {
	Pagination struct {
		Limit  int64 `json:"limit,string"`
		Page   int64 `json:"page,string"`
		Offset int64 `json:"offset,string"`
		Total  int64 `json:"total,string"`
	} `json:"pagination"`
	Users []restUser `json:"users"`
}

// flat is the user as the SDK has it, for the test that compares both sides.
func (u *restUser) flat() authorizer.User {
	return authorizer.User{
		ID: u.ID, Email: u.Email, EmailVerified: u.EmailVerified, SignupMethods: u.SignupMethods,
		GivenName: u.GivenName, FamilyName: u.FamilyName, MiddleName: u.MiddleName, Nickname: u.Nickname,
		PreferredUsername: u.PreferredUsername, Gender: u.Gender, Birthdate: u.Birthdate,
		PhoneNumber: u.PhoneNumber, PhoneNumberVerified: u.PhoneNumberVerified, Picture: u.Picture, Roles: u.Roles,
		CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt, RevokedTimestamp: u.RevokedTimestamp,
		IsMultiFactorAuthEnabled: u.IsMultiFactorAuthEnabled, AppData: u.AppData.Value,
	}
}

func (r *restUsers) flat() authorizer.UsersResponse {
	out := authorizer.UsersResponse{Pagination: authorizer.Pagination(r.Pagination)}
	for i := range r.Users {
		out.Users = append(out.Users, r.Users[i].flat())
	}
	return out
}

// The queries as one writes them by hand.
const (
	userFields = `id email email_verified signup_methods given_name family_name middle_name nickname preferred_username ` +
		`gender birthdate phone_number phone_number_verified picture roles created_at updated_at revoked_timestamp ` +
		`is_multi_factor_auth_enabled app_data`
	metaQuery = `query { result: meta { version client_id is_google_login_enabled is_facebook_login_enabled ` +
		`is_github_login_enabled is_linkedin_login_enabled is_apple_login_enabled is_discord_login_enabled ` +
		`is_twitter_login_enabled is_microsoft_login_enabled is_twitch_login_enabled is_roblox_login_enabled ` +
		`is_email_verification_enabled is_basic_authentication_enabled is_magic_link_login_enabled is_sign_up_enabled ` +
		`is_strong_password_enabled is_multi_factor_auth_enabled is_mobile_basic_authentication_enabled ` +
		`is_phone_verification_enabled } }`
	profileQuery = `query { result: profile { ` + userFields + ` } }`
	usersQuery   = `query ($params: PaginatedRequest) { result: _users(params: $params) { users { ` + userFields +
		` } pagination { limit page offset total } } }`
)
