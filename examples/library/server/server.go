// Package server is a library that answers over GraphQL, REST and gRPC from one
// state, for the tests of the SDK.
package server

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/triwire/authorizer-sdk/examples/library/gen/library/v1"
)

// Key is what the desk's methods want as X-Desk-Key.
const Key = "the-key-of-the-desk"

// usualPeriod is how long a book is lent.
const usualPeriod = 21 * 24 * time.Hour

// pageSize is that of lists that do not say it.
const pageSize = 10

// Library is the state, and the two services over gRPC.
type Library struct {
	pb.UnimplementedCatalogServiceServer
	pb.UnimplementedDeskServiceServer

	// Now is the time at which books are lent.
	Now time.Time

	mu    sync.Mutex
	books map[string]*pb.Book
	loans []*pb.Loan
	next  int
}

// New is a library without books.
func New(now time.Time) *Library { return &Library{Now: now, books: map[string]*pb.Book{}} }

// GetBook implements the catalog.
func (l *Library) GetBook(_ context.Context, in *pb.GetBookRequest) (*pb.Book, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.book(in.GetBookId())
}

func (l *Library) book(id string) (*pb.Book, error) {
	book := l.books[id]
	if book == nil {
		return nil, status.Errorf(codes.NotFound, "there is no book %q", id)
	}
	return proto.Clone(book).(*pb.Book), nil
}

// ListBooks implements the catalog. Its tokens are the ids that pages begin after.
func (l *Library) ListBooks(_ context.Context, in *pb.ListBooksRequest) (*pb.ListBooksResponse, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	size := int(cmp.Or(in.GetPageSize(), pageSize))
	if size < 0 {
		return nil, status.Error(codes.InvalidArgument, "page_size is negative")
	}
	out := &pb.ListBooksResponse{}
	for _, id := range slices.Sorted(maps.Keys(l.books)) {
		book := l.books[id]
		switch {
		case id <= in.GetPageToken():
		case len(in.GetGenres()) > 0 && !slices.Contains(in.GetGenres(), book.GetGenre()):
		case in.GetSince() != nil && book.GetPublishedAt().AsTime().Before(in.GetSince().AsTime()):
		case len(out.Books) == size:
			out.NextPageToken = out.Books[size-1].GetId()
			return out, nil
		default:
			out.Books = append(out.Books, proto.Clone(book).(*pb.Book))
		}
	}
	return out, nil
}

// WatchLoans implements the catalog: it tells of the loans that there were, and
// ends. A shelf that holds nothing is not found.
func (l *Library) WatchLoans(in *pb.WatchLoansRequest, out pb.CatalogService_WatchLoansServer) error {
	return l.watch(in.GetShelf(), out.Send)
}

func (l *Library) watch(shelf string, send func(*pb.Loan) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := false
	for _, book := range l.books {
		found = found || book.GetShelf() == shelf
	}
	if !found {
		return status.Errorf(codes.NotFound, "nothing stands on %s", shelf)
	}
	for _, loan := range l.loans {
		book := l.books[loan.GetBookId()]
		if book == nil {
			return status.Errorf(codes.DataLoss, "book %s was lent and is gone", loan.GetBookId())
		}
		if book.GetShelf() == shelf {
			if err := send(loan); err != nil {
				return err
			}
		}
	}
	return nil
}

// CreateBook implements the desk.
func (l *Library) CreateBook(ctx context.Context, in *pb.CreateBookRequest) (*pb.Book, error) {
	if err := atDesk(ctx); err != nil {
		return nil, err
	}
	if in.GetBook().GetTitle() == "" {
		return nil, status.Error(codes.InvalidArgument, "a book needs a title")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	book := proto.Clone(in.GetBook()).(*pb.Book)
	l.next++
	book.Id, book.Shelf = cmp.Or(book.GetId(), "b"+strconv.Itoa(l.next)), in.GetShelf()
	if l.books[book.Id] != nil {
		return nil, status.Errorf(codes.AlreadyExists, "there is a book %q already", book.Id)
	}
	l.books[book.Id] = book
	return proto.Clone(book).(*pb.Book), nil
}

// UpdateBook implements the desk.
func (l *Library) UpdateBook(ctx context.Context, in *pb.UpdateBookRequest) (*pb.Book, error) {
	if err := atDesk(ctx); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.book(in.GetBook().GetId()); err != nil {
		return nil, err
	}
	book := l.books[in.GetBook().GetId()]
	if err := setFields(book, in.GetBook(), in.GetUpdateMask()); err != nil {
		return nil, err
	}
	return l.book(book.GetId())
}

// setFields sets the fields that the mask names.
func setFields(to, from *pb.Book, mask *fieldmaskpb.FieldMask) error {
	fields := to.ProtoReflect().Descriptor().Fields()
	for _, path := range mask.GetPaths() {
		f := fields.ByTextName(path)
		if f == nil || path == "id" {
			return status.Errorf(codes.InvalidArgument, "update_mask: %s cannot be changed", path)
		}
		if from.ProtoReflect().Has(f) {
			to.ProtoReflect().Set(f, from.ProtoReflect().Get(f))
		} else {
			to.ProtoReflect().Clear(f)
		}
	}
	return nil
}

// DeleteBook implements the desk.
func (l *Library) DeleteBook(ctx context.Context, in *pb.DeleteBookRequest) (*emptypb.Empty, error) {
	if err := atDesk(ctx); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.book(in.GetBookId()); err != nil {
		return nil, err
	}
	delete(l.books, in.GetBookId())
	return &emptypb.Empty{}, nil
}

// LendBook implements the desk.
func (l *Library) LendBook(ctx context.Context, in *pb.LendBookRequest) (*pb.Loan, error) {
	if err := atDesk(ctx); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	book, err := l.book(in.GetBookId())
	if err != nil {
		return nil, err
	}
	if book.GetCopies() == 0 {
		return nil, status.Errorf(codes.FailedPrecondition, "no copy of %s is left", book.GetId())
	}
	l.books[book.GetId()].Copies--
	period := cmp.Or(in.GetPeriod(), durationpb.New(usualPeriod))
	loan := &pb.Loan{
		Id: fmt.Sprintf("l%d", len(l.loans)+1), BookId: book.GetId(), Reader: in.GetReader(),
		DueAt: timestamppb.New(l.Now.Add(period.AsDuration())),
	}
	l.loans = append(l.loans, loan)
	return loan, nil
}

// atDesk wants the key of the desk.
func atDesk(ctx context.Context) error {
	md, _ := metadata.FromIncomingContext(ctx)
	if strings.Join(md.Get("x-desk-key"), "") != Key {
		return status.Error(codes.Unauthenticated, "the desk wants its key")
	}
	return nil
}
