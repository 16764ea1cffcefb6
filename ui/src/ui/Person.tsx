// A person by name; by id only while, or because, nothing else is known of them.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { membersQuery } from "../api/members.ts";
import { sessionQuery } from "../api/session.ts";
import { CopyText } from "./CopyText.tsx";

export function Person({ userId }: { userId: string }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { data: members } = useQuery(membersQuery);
  if (session.user.user_id === userId) return <>You</>;
  const member = members?.items.find(({ user_id }) => user_id === userId);
  if (member === undefined) return <CopyText text={userId} what="user id" />;
  return <span title={member.email}>{member.name}</span>;
}
