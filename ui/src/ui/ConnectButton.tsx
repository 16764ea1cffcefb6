// Starts consent at Google and leaves for it; used for the first connection and to reconnect.
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { authorizeDv360 } from "../api/connections.ts";
import { useWrite } from "../api/write.ts";
import { FormError } from "./FormError.tsx";

type Props = {
  returnPath: string;
  connectionId?: string;
  variant?: "filled" | "default";
  children: ReactNode;
};

export function ConnectButton({ returnPath, connectionId, variant = "filled", children }: Props) {
  const authorize = useWrite(authorizeDv360, {
    onSuccess: ({ authorize_url }) => location.assign(authorize_url),
  });
  return (
    <>
      <FormError error={authorize.error} />
      <Button
        variant={variant}
        loading={authorize.isPending || authorize.isSuccess}
        onClick={() => authorize.mutate({ returnPath, connectionId })}
      >
        {children}
      </Button>
    </>
  );
}
