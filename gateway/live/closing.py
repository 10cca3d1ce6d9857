"""Why a connection is ended from our side: WebSocket close codes (RFC 6455 §7.4.2; 4000 and up are the application's)."""

SIGN_IN_ENDED = (4401, "sign-in ended")
CHANGED = (4409, "your membership changed; connect again")
TOO_SLOW = (4408, "too slow; connect again")
TOO_MANY = (4429, "too many frames")
