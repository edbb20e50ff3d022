// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/page"
	"anlan/internal/org"
	"anlan/internal/platform/db"
)

// operate opens the program on its stores for a command, in the name of whoever may
// run it on the data directory.
func (s Storage) operate(ctx context.Context, do func(ctx context.Context, a *App) error) error {
	a, err := Open(ctx, s, "", clock.System)
	if err != nil {
		return err
	}
	return errors.Join(do(actor.With(ctx, org.Operator()), a), a.Close())
}

type migrateCmd struct{ Storage }

// Run brings the database up to date.
func (c *migrateCmd) Run(ctx context.Context, to streams) error {
	return c.operate(ctx, func(context.Context, *App) error {
		_, err := fmt.Fprintln(to.out, "the database is up to date")
		return err
	})
}

type userCmd struct {
	Add   userAddCmd   `cmd:"" help:"Add a person with an account, and print the one-time password."`
	Reset userResetCmd `cmd:"" help:"Give an account a new one-time password, and print it."`
	List  userListCmd  `cmd:"" help:"List accounts."`
}

type userAddCmd struct {
	Storage
	Login string `arg:"" help:"Name to sign in with."`
	Name  string `required:"" help:"Name of the person."`
	Unit  string `required:"" help:"Code of the unit, as on its QR code, or its id."`
	Role  string `required:"" help:"Role in that unit, such as office_clerk or unit_head."`
}

// Run adds the person, the role and the account.
func (c *userAddCmd) Run(ctx context.Context, to streams) error {
	return c.operate(ctx, func(ctx context.Context, a *App) error {
		u, err := a.Org.UnitByCode(ctx, c.Unit)
		if err != nil {
			if u, err = a.Org.Unit(ctx, c.Unit); err != nil {
				return err
			}
		}
		p := &org.Person{Name: c.Name}
		err = a.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			if err := a.Org.AddPersonTx(ctx, tx, p, org.Membership{UnitID: u.ID, Main: true}); err != nil {
				return err
			}
			return a.Org.GrantRoleTx(ctx, tx, &org.Grant{PersonID: p.ID, Role: c.Role, UnitID: u.ID})
		})
		if err != nil {
			return err
		}
		password, err := a.Auth.CreateAccount(ctx, p.ID, c.Login)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(to.out, "%s %s\n", c.Login, password)
		return err
	})
}

type userResetCmd struct {
	Storage
	Login string `arg:"" help:"Name to sign in with."`
}

// Run prints a new one-time password.
func (c *userResetCmd) Run(ctx context.Context, to streams) error {
	return c.operate(ctx, func(ctx context.Context, a *App) error {
		found, err := a.Auth.Accounts(ctx, c.Login, "", 1)
		if err != nil {
			return err
		}
		if len(found.Items) == 0 || found.Items[0].Login != c.Login {
			return fmt.Errorf("there is no account %q", c.Login)
		}
		password, err := a.Auth.ResetPassword(ctx, found.Items[0].Person)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(to.out, "%s %s\n", c.Login, password)
		return err
	})
}

type userListCmd struct{ Storage }

// Run lists accounts in a table.
func (c *userListCmd) Run(ctx context.Context, to streams) error {
	return c.operate(ctx, func(ctx context.Context, a *App) error { return a.listAccounts(ctx, to.out) })
}

func (a *App) listAccounts(ctx context.Context, out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "LOGIN\tPERSON\tDISABLED\tLAST SIGN-IN")
	for cursor := ""; ; {
		p, err := a.Auth.Accounts(ctx, "", cursor, page.MaxLimit)
		if err != nil {
			return err
		}
		for _, acc := range p.Items {
			last := "never"
			if !acc.LastSignIn.IsZero() {
				last = acc.LastSignIn.In(clock.Beijing).Format(time.DateTime)
			}
			fmt.Fprintf(w, "%s\t%s\t%t\t%s\n", acc.Login, acc.Name, acc.Disabled, last)
		}
		if cursor = p.Next; cursor == "" {
			return w.Flush()
		}
	}
}
