"""Sends a mail back to whoever sent it, as a mail server further on would: a report (RFC 3464), posted to where Housecall takes them."""

import urllib.error
import urllib.request
from email.message import Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid

_SECONDS = 10.0
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def report(sender: str, recipient: str) -> bytes:
    """That there is no such mailbox after all; to the envelope sender."""
    made = MIMEMultipart("report", report_type="delivery-status")
    made["From"] = "Mail Delivery System <MAILER-DAEMON@mx.example>"
    made["To"] = sender
    made["Subject"] = "Undelivered Mail Returned to Sender"
    made["Date"], made["Message-ID"] = formatdate(), make_msgid(domain="mx.example")
    made.attach(MIMEText("Your message could not be delivered to one recipient."))
    status = MIMEMessage(Message(), "delivery-status")
    server, person = Message(), Message()
    server["Reporting-MTA"] = "dns; mx.example"
    person["Final-Recipient"] = f"rfc822; {recipient}"
    person["Action"], person["Status"] = "failed", "5.1.1"
    person["Diagnostic-Code"] = "smtp; 550 5.1.1 No such mailbox here"
    status.set_payload([server, person])
    made.attach(status)
    return made.as_bytes()


def send_back(url: str, secret: str, sender: str, recipient: str) -> int:
    """Post the report; returns the status of the answer, 0 where there was none."""
    headers = {"Content-Type": "message/rfc822", "Authorization": f"Bearer {secret}"}
    request = urllib.request.Request(url, report(sender, recipient), headers)  # noqa: S310 as it is set
    try:
        with _opener.open(request, timeout=_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
