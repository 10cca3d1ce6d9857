// Makes the replica set of one member that the services need; run again, it says whether the member is ready to write.
try {
  rs.status();
} catch (error) {
  rs.initiate({ _id: "housecall", members: [{ _id: 0, host: "mongo:27017" }] });
}
quit(db.hello().isWritablePrimary ? 0 : 1);
