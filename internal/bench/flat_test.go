package bench

import (
	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// flat is what a side decoded, in the SDK's types.
func flat(v any) any {
	switch v := v.(type) {
	case *graphqlData[authorizer.Meta]:
		return &v.Data.Result
	case *graphqlData[authorizer.User]:
		return &v.Data.Result
	case *graphqlData[authorizer.UsersResponse]:
		return &v.Data.Result
	case *restUser:
		return new(v.flat())
	case *restUsers:
		return new(v.flat())
	case *authorizerv1.Meta:
		return flatMeta(v)
	case *authorizerv1.User:
		return new(flatUser(v))
	case *authorizerv1.UsersResponse:
		return flatUsers(v)
	}
	return v
}

func flatMeta(m *authorizerv1.Meta) *authorizer.Meta {
	return &authorizer.Meta{
		Version: m.GetVersion(), ClientID: m.GetClientId(),
		IsGoogleLoginEnabled: m.GetIsGoogleLoginEnabled(), IsFacebookLoginEnabled: m.GetIsFacebookLoginEnabled(),
		IsGithubLoginEnabled: m.GetIsGithubLoginEnabled(), IsLinkedinLoginEnabled: m.GetIsLinkedinLoginEnabled(),
		IsAppleLoginEnabled: m.GetIsAppleLoginEnabled(), IsDiscordLoginEnabled: m.GetIsDiscordLoginEnabled(),
		IsTwitterLoginEnabled: m.GetIsTwitterLoginEnabled(), IsMicrosoftLoginEnabled: m.GetIsMicrosoftLoginEnabled(),
		IsTwitchLoginEnabled: m.GetIsTwitchLoginEnabled(), IsRobloxLoginEnabled: m.GetIsRobloxLoginEnabled(),
		IsEmailVerificationEnabled: m.GetIsEmailVerificationEnabled(), IsBasicAuthenticationEnabled: m.GetIsBasicAuthenticationEnabled(),
		IsMagicLinkLoginEnabled: m.GetIsMagicLinkLoginEnabled(), IsSignUpEnabled: m.GetIsSignUpEnabled(),
		IsStrongPasswordEnabled: m.GetIsStrongPasswordEnabled(), IsMultiFactorAuthEnabled: m.GetIsMultiFactorAuthEnabled(),
		IsMobileBasicAuthenticationEnabled: m.GetIsMobileBasicAuthenticationEnabled(),
		IsPhoneVerificationEnabled:         m.GetIsPhoneVerificationEnabled(),
	}
}

func flatUser(u *authorizerv1.User) authorizer.User {
	return authorizer.User{
		ID: u.GetId(), Email: u.GetEmail(), EmailVerified: u.GetEmailVerified(), SignupMethods: u.GetSignupMethods(),
		GivenName: u.GetGivenName(), FamilyName: u.GetFamilyName(), MiddleName: u.GetMiddleName(), Nickname: u.GetNickname(),
		PreferredUsername: u.GetPreferredUsername(), Gender: u.GetGender(), Birthdate: u.GetBirthdate(),
		PhoneNumber: u.GetPhoneNumber(), PhoneNumberVerified: u.GetPhoneNumberVerified(), Picture: u.GetPicture(),
		Roles: u.GetRoles(), CreatedAt: u.GetCreatedAt(), UpdatedAt: u.GetUpdatedAt(), RevokedTimestamp: u.GetRevokedTimestamp(),
		IsMultiFactorAuthEnabled: u.GetIsMultiFactorAuthEnabled(), AppData: appData(u),
	}
}

func flatUsers(r *authorizerv1.UsersResponse) *authorizer.UsersResponse {
	p := r.GetPagination()
	out := &authorizer.UsersResponse{Pagination: authorizer.Pagination{
		Limit: p.GetLimit(), Page: p.GetPage(), Offset: p.GetOffset(), Total: p.GetTotal(),
	}}
	for _, u := range r.GetUsers() {
		out.Users = append(out.Users, flatUser(u))
	}
	return out
}
