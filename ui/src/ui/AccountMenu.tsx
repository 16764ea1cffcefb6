// Who is signed in, how it should look, and the way out. Used on both hosts.
import { type MantineColorScheme, Menu, useMantineColorScheme } from "@mantine/core";
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
} from "@tabler/icons-react";
import classes from "./AccountMenu.module.css";

const THEMES = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "System", icon: IconDeviceDesktop },
] satisfies { value: MantineColorScheme; label: string; icon: typeof IconSun }[];

type Props = {
  user: { name: string; email: string };
  detail?: string;
  onSignOut: () => void;
  onShortcuts?: () => void;
};

export function AccountMenu({ user, detail, onSignOut, onShortcuts }: Props) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu width={232}>
      <Menu.Target>
        <button type="button" className={classes.avatar} aria-label="Account and theme">
          {initials(user.name || user.email)}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={classes.who}>
          <span className={classes.name}>{user.name}</span>
          <span className={classes.line}>{user.email}</span>
          {detail && <span className={classes.line}>{detail}</span>}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(value as MantineColorScheme)}
        >
          {THEMES.map(({ value, label, icon: Icon }) => (
            <Menu.RadioItem key={value} value={value} rightSection={<Icon size={16} />}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        {onShortcuts && (
          <Menu.Item
            leftSection={<IconKeyboard size={16} />}
            rightSection={<kbd>?</kbd>}
            onClick={onShortcuts}
          >
            Keyboard shortcuts
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={onSignOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase())
    .join("");
}
