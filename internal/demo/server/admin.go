package server

import (
	"context"
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// adminService is the service of administrators. The gRPC front is the
// generated one.
type adminService struct {
	authorizerv1.UnimplementedAuthorizerAdminServiceServer
	state *state
}

// Users lists users, the newest first. A page and a limit of 0 stand for 1 and
// 10.
func (s *adminService) Users(ctx context.Context, in *authorizerv1.UsersRequest) (*authorizerv1.UsersResponse, error) {
	if err := admin(ctx); err != nil {
		return nil, err
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	limit, page, total := in.GetPagination().GetLimit(), in.GetPagination().GetPage(), int64(len(s.state.accounts))
	if limit <= 0 {
		limit = 10
	}
	page = max(page, 1)
	offset := (page - 1) * limit
	answer := &authorizerv1.UsersResponse{
		Pagination: &authorizerv1.Pagination{Limit: limit, Page: page, Offset: offset, Total: total},
	}
	newest := slices.Clone(s.state.accounts)
	slices.Reverse(newest)
	for _, a := range newest[min(offset, total):min(offset+limit, total)] {
		answer.Users = append(answer.Users, copyUser(a.user))
	}
	return answer, nil
}

// DeleteUser deletes a user by e-mail address.
func (s *adminService) DeleteUser(ctx context.Context, in *authorizerv1.DeleteUserRequest) (*authorizerv1.DeleteUserResponse, error) {
	if err := admin(ctx); err != nil {
		return nil, err
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	a := s.state.byEmail(in.GetEmail())
	if a == nil {
		return nil, status.Error(codes.Internal, "record not found")
	}
	s.state.accounts = slices.DeleteFunc(s.state.accounts, func(b *account) bool { return a == b })
	return &authorizerv1.DeleteUserResponse{Message: "user deleted successfully"}, nil
}
