// The current org, and the way to the others: they live behind the front door.
import { Menu } from "@mantine/core";
import { IconArrowsExchange, IconCheck, IconSelector } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { sessionQuery } from "../../api/session.ts";
import { frontDoor } from "../../lib/paths.ts";
import classes from "./OrgSwitcher.module.css";

export function OrgSwitcher() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  return (
    <Menu width={240} position="bottom-start">
      <Menu.Target>
        <button
          type="button"
          className={classes.switcher}
          aria-label={`Organisation ${session.org.name}`}
        >
          <span className={classes.name}>{session.org.name}</span>
          <IconSelector size={14} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Organisation</Menu.Label>
        <Menu.Item rightSection={<IconCheck size={14} />}>
          <span className={classes.current}>{session.org.name}</span>
          <span className={classes.slug}>{location.host}</span>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          component="a"
          href={new URL(frontDoor.orgs(), session.app_url).href}
          leftSection={<IconArrowsExchange size={16} />}
        >
          Switch organisation
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
