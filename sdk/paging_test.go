package authorizer_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// users answers pages of so many users.
func users(total int) sdktest.Handler {
	return func(r *sdktest.Request) *sdktest.Answer {
		page, _ := strconv.Atoi(r.Value("pagination", "page"))
		limit, _ := strconv.Atoi(r.Value("pagination", "limit"))
		page, limit = max(page, 1), max(limit, 1)
		offset := (page - 1) * limit
		out := &authorizerv1.UsersResponse{Pagination: &authorizerv1.Pagination{
			Limit: int64(limit), Page: int64(page), Offset: int64(offset), Total: int64(total),
		}}
		for i := offset; i < min(offset+limit, total); i++ {
			out.Users = append(out.Users, &authorizerv1.User{Id: fmt.Sprintf("u%d", i)})
		}
		return &sdktest.Answer{Result: out}
	}
}

func limit(n int64) *authorizer.UsersRequest {
	return &authorizer.UsersRequest{Pagination: &authorizer.PaginationRequest{Limit: authorizer.Ptr(n)}}
}

// walk gathers what an iterator yields: ids, and errors as their code.
func walk(c *authorizer.AdminClient, t *testing.T, req *authorizer.UsersRequest) (ids []string) {
	for u, err := range c.AllUsers(t.Context(), req) {
		if err != nil {
			ids = append(ids, asError(t, err).Code.String())
			continue
		}
		ids = append(ids, u.ID)
	}
	return ids
}

func TestAllPages(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("users", users(7))
		c := s.Admin(t, p)
		req := limit(3)
		if got := fmt.Sprint(walk(c, t, req)); got != "[u0 u1 u2 u3 u4 u5 u6]" {
			t.Errorf("got %s", got)
		}
		if n := len(s.Calls("users")); n != 3 {
			t.Errorf("%d requests for 3 pages", n)
		}
		if req.Pagination.Page != nil || *req.Pagination.Limit != 3 {
			t.Errorf("the caller's request was changed: %+v", req.Pagination)
		}

		s.Forget()
		req.Pagination.Page = authorizer.Ptr(int64(2))
		if got := fmt.Sprint(walk(c, t, req)); got != "[u3 u4 u5 u6]" || *req.Pagination.Page != 2 {
			t.Errorf("from page 2: got %s, the request says %d", got, *req.Pagination.Page)
		}
		// A list whose last page is full, one without entries, and no request.
		s.On("users", users(6))
		s.Forget()
		if got := fmt.Sprint(walk(c, t, limit(3))); got != "[u0 u1 u2 u3 u4 u5]" || len(s.Calls("users")) != 2 {
			t.Errorf("full last page: got %s after %d requests", got, len(s.Calls("users")))
		}
		s.On("users", users(0))
		s.Forget()
		if got := walk(c, t, nil); len(got) != 0 || len(s.Calls("users")) != 1 {
			t.Errorf("empty: got %s after %d requests", got, len(s.Calls("users")))
		}
	})
}

func TestEarlyBreakStopsAsking(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("users", users(9))
		all := s.Admin(t, p).AllUsers(t.Context(), limit(3))
		if len(s.Calls("")) != 0 {
			t.Error("something was sent before the first entry was asked for")
		}
		for range 2 { // an iterator can be walked again
			s.Forget()
			for u, err := range all {
				if err != nil {
					t.Fatal(err)
				}
				if u.ID == "u2" {
					break
				}
			}
			if n := len(s.Calls("users")); n != 1 {
				t.Errorf("%d requests for one page", n)
			}
		}
	})
}

func TestErrorOfAPageComesOnceAndLast(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		pages := users(9)
		s.On("users", func(r *sdktest.Request) *sdktest.Answer {
			if r.Nth == 2 {
				return sdktest.Fail(codes.Unauthenticated, "unauthorized")
			}
			return pages(r)
		})
		if got := fmt.Sprint(walk(s.Admin(t, p), t, limit(3))); got != "[u0 u1 u2 unauthenticated]" {
			t.Errorf("got %s", got)
		}
		if n := len(s.Calls("users")); n != 2 {
			t.Errorf("%d requests, want 2", n)
		}
	})
}

// A server that does not know pages would be asked for ever.
func TestServerThatRepeatsAPage(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		pages := users(9)
		s.On("users", func(r *sdktest.Request) *sdktest.Answer {
			r.Input = map[string]any{"pagination": map[string]any{"page": "1", "limit": "3"}}
			return pages(r)
		})
		if got := fmt.Sprint(walk(s.Admin(t, p), t, limit(3))); got != "[u0 u1 u2 internal]" {
			t.Errorf("got %s", got)
		}
	})
}

// tuples answers three pages that are named by tokens.
func tuples(r *sdktest.Request) *sdktest.Answer {
	at := r.Value("continuation_token")
	next := map[string]*string{"": proto.String("t1"), "t1": proto.String("t2")}[at]
	return &sdktest.Answer{Result: &authorizerv1.FgaReadTuplesResponse{
		Tuples:            []*authorizerv1.FgaTuple{{User: "user:" + at, Relation: "viewer", Object: "doc:1"}},
		ContinuationToken: next,
	}}
}

func TestPagesByToken(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("fgareadtuples", tuples)
		c := s.Admin(t, p)
		req := &authorizer.FGAReadTuplesRequest{Object: authorizer.Ptr("doc:1")}
		var got []string
		for tuple, err := range c.AllFGAReadTuples(t.Context(), req) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, tuple.User)
		}
		if fmt.Sprint(got) != "[user: user:t1 user:t2]" || req.ContinuationToken != nil {
			t.Errorf("got %s, the request says %v", got, req.ContinuationToken)
		}
		for _, call := range s.Calls("fgareadtuples") {
			if call.Value("object") != "doc:1" {
				t.Errorf("a page was asked for without the rest of the request: %s", call.Text)
			}
		}

		s.On("fgareadtuples", always(&sdktest.Answer{Result: &authorizerv1.FgaReadTuplesResponse{ContinuationToken: proto.String("again")}}))
		var err error
		rounds := 0
		for _, err = range c.AllFGAReadTuples(t.Context(), nil) {
			rounds++
		}
		if rounds != 1 || !errors.Is(err, authorizer.ErrInternal) {
			t.Errorf("a token that comes again: %d rounds, %v", rounds, err)
		}
	})
}
