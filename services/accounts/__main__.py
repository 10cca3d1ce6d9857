"""`python -m services.accounts` runs the service; with the argument `migrate` it makes what the service needs and ends.

`python -m services.accounts invite-owner ADDRESS` prints a link by which somebody makes an organisation.
`python -m services.accounts confirm-domain ORGANISATION_ID DOMAIN` lets its identity provider speak for an e-mail domain.
"""

import sys

if __name__ == "__main__":
    if sys.argv[1:2] == ["invite-owner"]:
        from services.accounts.signing_up import invite_owner

        sys.exit(invite_owner.main(sys.argv[2:]))
    if sys.argv[1:2] == ["confirm-domain"]:
        from services.accounts.single_sign_on import confirm_domain

        sys.exit(confirm_domain.main(sys.argv[2:]))
    from plumbing.services.process import main

    main("accounts")
