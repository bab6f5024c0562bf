(** * A number field in K: integer polynomials in one element theta

    Data and certificates are integers, and integer polynomials in one element [theta] of K, the root of a given
    polynomial in a given interval: the FIELD of the proof format. For rational data theta = 0. *)

From Coq Require Import ZArith List Bool Ring Field Lia.
From Steeralg Require Import Numbers.
Import ListNotations.

(** ** Integer polynomials in theta *)

Definition poly := list Z.                    (* [c0; c1; ...] is c0 + c1 theta + ... *)
Definition const (z : Z) : poly := [z].

Fixpoint padd (p q : poly) : poly :=
  match p, q with
  | [], _ => q
  | _, [] => p
  | a :: p', b :: q' => (a + b)%Z :: padd p' q'
  end.
Definition pscale (c : Z) (p : poly) : poly := map (Z.mul c) p.
Fixpoint pmul (p q : poly) : poly :=
  match p with
  | [] => []
  | [a] => pscale a q
  | a :: p' => padd (pscale a q) (0%Z :: pmul p' q)
  end.
Definition pzero (p : poly) : bool := forallb (Z.eqb 0) p.

(** FIELD of the proof format: a monic polynomial, given by its lower coefficients, and the numerators of the ends of an
    interval with a common denominator. *)
Record Field := field { minimal : poly; low : Z; high : Z; denominator : positive }.
Definition degree (k : Field) : nat := length (minimal k).

(** [(v, s)] with p (a / q) = v / s, s > 0. *)
Fixpoint value_at (a : Z) (q : positive) (p : poly) : Z * Z :=
  match p with
  | [] => (0, 1)%Z
  | c :: r => let '(v, s) := value_at a q r in (c * (s * Zpos q) + a * v, s * Zpos q)%Z
  end.
(** A field indeed: at the two ends of the interval the minimal polynomial has values of opposite sign, neither of them
    zero. So by the intermediate value theorem it has a real root strictly between, and what is proved for every theta
    with [is_root theta k], is proved of a number. *)
Definition field_ok (k : Field) : bool :=
  let sign a := Z.sgn (fst (value_at a (denominator k) (minimal k ++ [1%Z]))) in
  (0 <? degree k)%nat && (low k <? high k)%Z && (sign (low k) * sign (high k) =? -1)%Z.

(** Division by the minimal polynomial: theta * p, for p of fewer coefficients than the degree; then any p. *)
Definition shift (k : Field) (p : poly) : poly :=
  let q := 0%Z :: p in
  if (length q <=? degree k)%nat then q
  else padd (firstn (degree k) q) (pscale (- nth (degree k) q 0%Z) (minimal k)).
Fixpoint reduce_all (k : Field) (p : poly) : poly :=
  match p with [] => [] | a :: q => padd [a] (shift k (reduce_all k q)) end.
Definition reduce (k : Field) (p : poly) : poly := if (length p <=? degree k)%nat then p else reduce_all k p.

(** Enclosures: with a <= q theta <= b, q > 0, [(l, h, s)] says that l <= s p(theta) <= h, s > 0. *)
Fixpoint enclose (a b : Z) (q : positive) (p : poly) : Z * Z * Z :=
  match p with
  | [] => (0, 0, 1)%Z
  | c :: r =>
      let '(l, h, s) := enclose a b q r in
      let s' := (s * Zpos q)%Z in
      (Z.min (Z.min (l * a) (l * b)) (Z.min (h * a) (h * b)) + c * s',
       Z.max (Z.max (l * a) (l * b)) (Z.max (h * a) (h * b)) + c * s', s')%Z
  end.

Section Values.
Variable K : OrderedField.
Add Field K_field3 : (field_laws K).
Variable theta : K.
Local Open Scope K_scope.

Fixpoint pval (p : poly) : K := match p with [] => 0 | a :: q => ofZ a + theta * pval q end.

Lemma pval_add p q : pval (padd p q) = pval p + pval q.
Proof.
  revert q. induction p as [|a p IH]; intros [|b q]; cbn; try ring. rewrite ofZ_add, IH. ring.
Qed.
Lemma pval_scale c p : pval (pscale c p) = ofZ c * pval p.
Proof.
  induction p as [|a p IH]; cbn; [ring|].
  change (map (Z.mul c) p) with (pscale c p). rewrite IH, ofZ_mul. ring.
Qed.
Lemma pval_mul p q : pval (pmul p q) = pval p * pval q.
Proof.
  induction p as [|a p IH]; cbn [pmul]; [cbn; ring|]. destruct p as [|b p].
  - rewrite pval_scale. cbn. ring.
  - rewrite pval_add, pval_scale. cbn [pval] in *. rewrite IH, ofZ_0. ring.
Qed.
Lemma pval_const (z : Z) : pval (const z) = ofZ z. Proof. cbn. ring. Qed.
Lemma pzero_sound p : pzero p = true -> pval p = 0.
Proof.
  unfold pzero. induction p as [|a p IH]; cbn [forallb pval]; [reflexivity|].
  rewrite andb_true_iff, Z.eqb_eq. intros [<- H]. rewrite (IH H), ofZ_0. ring.
Qed.
Lemma pval_split n p : pval p = pval (firstn n p) + pval (repeat 0%Z n ++ skipn n p).
Proof.
  revert p. induction n as [|n IH]; intro p; cbn [repeat app firstn skipn]; [cbn; ring|].
  destruct p as [|a p]; cbn [pval].
  - specialize (IH []). rewrite firstn_nil, skipn_nil in IH. cbn [pval] in IH.
    replace (pval (repeat 0%Z n ++ [])) with (0 : K); [rewrite ofZ_0; ring|].
    rewrite IH at 1. ring.
  - rewrite (IH p), ofZ_0. ring.
Qed.

Lemma enclose_sound a b q p : ofZ a <= ofZ (Zpos q) * theta -> ofZ (Zpos q) * theta <= ofZ b ->
  let '(l, h, s) := enclose a b q p in
  (0 < s)%Z /\ ofZ l <= ofZ s * pval p /\ ofZ s * pval p <= ofZ h.
Proof.
  intros Ha Hb. induction p as [|c p IH]; cbn [enclose].
  - cbn [pval]. rewrite ofZ_0, ofZ_1. replace ((1 : K) * 0) with (0 : K) by ring.
    repeat split; try lia; apply le_refl.
  - destruct (enclose a b q p) as [[l h] s]. destruct IH as (Hs & Hl & Hh).
    split; [lia|].
    set (m := Z.min (Z.min (l * a) (l * b)) (Z.min (h * a) (h * b))).
    set (M := Z.max (Z.max (l * a) (l * b)) (Z.max (h * a) (h * b))).
    assert (Q : ofZ m <= (ofZ s * pval p) * (ofZ (Zpos q) * theta) /\
                (ofZ s * pval p) * (ofZ (Zpos q) * theta) <= ofZ M).
    { assert (B : forall x, (m <= l * x)%Z -> (m <= h * x)%Z -> (l * x <= M)%Z -> (h * x <= M)%Z ->
        ofZ m <= (ofZ s * pval p) * ofZ x /\ (ofZ s * pval p) * ofZ x <= ofZ M).
      { intros x X1 X2 X3 X4.
        destruct (linear_on_interval K (ofZ x) (ofZ s * pval p) (ofZ l) (ofZ h) (ofZ m) (ofZ M) Hl Hh).
        all: try (rewrite <- ofZ_mul; apply le_ofZ; lia).
        replace (ofZ s * pval p * ofZ x) with (ofZ x * (ofZ s * pval p)) by ring. split; assumption. }
      destruct (B a) as [B1 B2]; try (subst m M; lia). destruct (B b) as [B3 B4]; try (subst m M; lia).
      apply (linear_on_interval K _ _ (ofZ a) (ofZ b)); assumption. }
    assert (E : ofZ (s * Zpos q) * pval (c :: p) =
                (ofZ s * pval p) * (ofZ (Zpos q) * theta) + ofZ (c * (s * Zpos q))).
    { cbn [pval]. rewrite !ofZ_mul. ring. }
    rewrite E. split.
    + rewrite ofZ_add. apply le_add. apply Q.
    + rewrite ofZ_add. apply le_add. apply Q.
Qed.
(** [value_at] says what it should: at theta = a / q. *)
Lemma value_at_sound a q p : ofZ (Zpos q) * theta = ofZ a ->
  let '(v, s) := value_at a q p in (0 < s)%Z /\ ofZ s * pval p = ofZ v.
Proof.
  intro H. induction p as [|c p IH]; cbn [value_at].
  - cbn [pval]. rewrite ofZ_0. split; [lia|ring].
  - destruct (value_at a q p) as [v s]. destruct IH as [Hs Hv]. split; [lia|].
    cbn [pval]. rewrite ofZ_add, !ofZ_mul, <- Hv, <- H. ring.
Qed.
Variable k : Field.

(** The number theta that the data are polynomials in. *)
Definition is_root : Prop :=
  pval (minimal k ++ [1%Z]) = 0
  /\ ofZ (low k) < ofZ (Zpos (denominator k)) * theta /\ ofZ (Zpos (denominator k)) * theta < ofZ (high k).

Hypothesis root : is_root.

Lemma pval_app p q : pval (p ++ q) = pval p + pval (repeat 0%Z (length p) ++ q).
Proof.
  induction p as [|a p IH]; cbn; [ring|]. rewrite IH, ofZ_0. ring.
Qed.
Lemma pval_monomial n c : pval (repeat 0%Z n ++ [c]) = ofZ c * pval (repeat 0%Z n ++ [1%Z]).
Proof.
  induction n as [|n IH]; cbn [repeat app pval]; [rewrite ofZ_1; ring|]. rewrite IH, ofZ_0. ring.
Qed.

Lemma pval_shift p : (length p <= degree k)%nat -> pval (shift k p) = theta * pval p.
Proof.
  intro H. unfold shift. destruct (Nat.leb_spec (length (0%Z :: p)) (degree k)) as [L|L].
  - cbn. rewrite ofZ_0. ring.
  - assert (Hl : length (0%Z :: p) = S (degree k)) by (cbn in *; lia).
    rewrite pval_add, pval_scale. destruct root as [Hr _]. rewrite pval_app in Hr. fold (degree k) in Hr.
    transitivity (pval (0%Z :: p)); [|cbn; rewrite ofZ_0; ring].
    rewrite (pval_split (degree k) (0%Z :: p)).
    assert (Hs : skipn (degree k) (0%Z :: p) = [nth (degree k) (0%Z :: p) 0%Z]).
    { revert Hl. generalize (0%Z :: p). generalize (degree k). clear.
      induction n as [|n IH]; intros [|a l]; cbn; intro E; try discriminate.
      - destruct l; [reflexivity|discriminate].
      - apply IH. lia. }
    rewrite Hs, pval_monomial, ofZ_opp.
    replace (pval (minimal k)) with (- pval (repeat 0%Z (degree k) ++ [1%Z])); [ring|].
    replace (pval (minimal k)) with (pval (minimal k) + pval (repeat 0%Z (degree k) ++ [1%Z])
      - pval (repeat 0%Z (degree k) ++ [1%Z])) by ring. rewrite Hr. ring.
Qed.

Lemma length_padd p q : length (padd p q) = Nat.max (length p) (length q).
Proof. revert q. induction p as [|a p IH]; intros [|b q]; cbn; auto. Qed.
Lemma length_shift p : (length (shift k p) <= degree k)%nat.
Proof.
  unfold shift. destruct (Nat.leb_spec (length (0%Z :: p)) (degree k)); [assumption|].
  rewrite length_padd. unfold pscale. rewrite map_length, firstn_length.
  apply Nat.max_lub; [apply Nat.le_min_l|apply le_n].
Qed.

Hypothesis degree_pos : (0 < degree k)%nat.

Lemma pval_reduce p : pval (reduce k p) = pval p.
Proof.
  unfold reduce. destruct (length p <=? degree k)%nat; [reflexivity|].
  enough (H : (length (reduce_all k p) <= degree k)%nat /\ pval (reduce_all k p) = pval p) by apply H.
  induction p as [|a p [IH1 IH2]]; cbn [reduce_all]; [split; [cbn; lia|reflexivity]|]. split.
  - rewrite length_padd. apply Nat.max_lub; [exact degree_pos|apply length_shift].
  - rewrite pval_add, pval_shift, IH2 by exact IH1. cbn. ring.
Qed.

End Values.
Arguments is_root {_}.

(** A smaller interval, from / by <= theta <= to / by, with the proof that it holds the root: [(u, c, s)] is the
    identity  u * minimal polynomial - c = line * s  with c <= 0 < s on the given interval, so that the line, which is
    by * theta - from or to - by * theta, is not negative at theta. *)
Record Enclosure := enclosure { from : Z; to : Z; by_ : positive; above : Z * Z * poly; below : Z * Z * poly }.

Definition positive_on (a b : Z) (q : positive) (p : poly) : bool := let '(l, _, _) := enclose a b q p in (0 <? l)%Z.
Definition line_ok (k : Field) (line : poly) (proof : Z * Z * poly) : bool :=
  let '(u, c, s) := proof in
  (c <=? 0)%Z && positive_on (low k) (high k) (denominator k) s
  && pzero (padd (pscale u (minimal k ++ [1%Z])) (pscale (-1) (padd [c] (pmul line s)))).
Definition enclosure_ok (k : Field) (e : Enclosure) : bool :=
  field_ok k
  && line_ok k [(- from e)%Z; Zpos (by_ e)] (above e) && line_ok k [to e; Zneg (by_ e)] (below e).
Definition is_positive (e : Enclosure) (p : poly) : bool := positive_on (from e) (to e) (by_ e) p.

Section Signs.
Variables (K : OrderedField) (theta : K) (k : Field).
Add Field K_field4 : (field_laws K).
Local Open Scope K_scope.
Hypothesis root : is_root theta k.

Lemma positive_on_sound a b q p : ofZ a <= ofZ (Zpos q) * theta -> ofZ (Zpos q) * theta <= ofZ b ->
  positive_on a b q p = true -> 0 < pval K theta p.
Proof.
  intros Ha Hb. unfold positive_on. pose proof (enclose_sound K theta a b q p Ha Hb) as H.
  destruct (enclose a b q p) as [[l h] s]. destruct H as (Hs & Hl & _). rewrite Z.ltb_lt. intro P.
  apply (lt_0_factor K (ofZ s)); [apply lt_ofZ, Hs|].
  destruct (lt_ofZ K l P) as [L N]. split; [apply (le_trans K _ (ofZ l)); assumption|].
  intro E. apply N. apply le_antisym; [exact L|]. rewrite E. exact Hl.
Qed.

Lemma line_sound line proof : line_ok k line proof = true -> 0 <= pval K theta line.
Proof.
  destruct proof as [[u c] s]. unfold line_ok. rewrite !andb_true_iff, Z.leb_le. intros [[Hc Hs] Hz].
  destruct root as (Hr & [Hl _] & [Hh _]).
  assert (Ps : 0 < pval K theta s) by (eapply positive_on_sound; eassumption).
  apply (pzero_sound K theta) in Hz.
  rewrite pval_add, !pval_scale, pval_add, pval_mul, Hr in Hz. cbn [pval] in Hz.
  apply (le_0_factor K (pval K theta s)); [exact Ps|].
  replace (pval K theta s * pval K theta line) with (ofZ (- c) : K).
  - rewrite <- ofZ_0. apply le_ofZ. lia.
  - replace (pval K theta s * pval K theta line)
      with (- (ofZ u * 0 + ofZ (-1) * (ofZ c + theta * 0 + pval K theta line * pval K theta s)) - ofZ c).
    + rewrite Hz, ofZ_opp. ring.
    + change (-1)%Z with (- (1))%Z. rewrite ofZ_opp, ofZ_1. ring.
Qed.

Variable e : Enclosure.
Hypothesis e_ok : enclosure_ok k e = true.

Lemma is_positive_sound p : is_positive e p = true -> 0 < pval K theta p.
Proof.
  unfold enclosure_ok in e_ok. rewrite !andb_true_iff in e_ok. destruct e_ok as [[_ A] B].
  apply line_sound in A, B. cbn [pval] in A, B.
  apply positive_on_sound; apply le_0_sub.
  - rewrite ofZ_opp in A.
    replace (ofZ (Zpos (by_ e)) * theta - ofZ (from e))
      with (- ofZ (from e) + theta * (ofZ (Zpos (by_ e)) + theta * 0)) by ring. exact A.
  - change (Zneg (by_ e)) with (- Zpos (by_ e))%Z in B. rewrite ofZ_opp in B.
    replace (ofZ (to e) - ofZ (Zpos (by_ e)) * theta)
      with (ofZ (to e) + theta * (- ofZ (Zpos (by_ e)) + theta * 0)) by ring. exact B.
Qed.

Lemma enclosure_degree : (0 < degree k)%nat.
Proof.
  unfold enclosure_ok, field_ok in e_ok. rewrite !andb_true_iff, Nat.ltb_lt in e_ok. apply e_ok.
Qed.
End Signs.

(** ** Pairs (re, im) of such polynomials: the entries of matrices *)

Definition gauss := (poly * poly)%type.
Definition g0 : gauss := ([], []).
Definition gadd (x y : gauss) : gauss := (padd (fst x) (fst y), padd (snd x) (snd y)).
Definition gscale (c : Z) (x : gauss) : gauss := (pscale c (fst x), pscale c (snd x)).
Definition gmul (x y : gauss) : gauss :=
  (padd (pmul (fst x) (fst y)) (pscale (-1) (pmul (snd x) (snd y))),
   padd (pmul (fst x) (snd y)) (pmul (snd x) (fst y))).
Definition gconj (x : gauss) : gauss := (fst x, pscale (-1) (snd x)).
Definition greduce (k : Field) (x : gauss) : gauss := (reduce k (fst x), reduce k (snd x)).
Definition gzero (x : gauss) : bool := pzero (fst x) && pzero (snd x).

Section Gauss.
Variables (K : OrderedField) (theta : K).
Add Field K_field5 : (field_laws K).

Definition gval (x : gauss) : Cx K := (pval K theta (fst x), pval K theta (snd x)).

Lemma ofZ_m1 : (ofZ (-1) : K) = opp one.
Proof. change (-1)%Z with (- (1))%Z. rewrite ofZ_opp, ofZ_1. reflexivity. Qed.
Lemma gval_0 : gval g0 = c0. Proof. reflexivity. Qed.
Lemma gval_add x y : gval (gadd x y) = cadd (gval x) (gval y).
Proof. unfold gval, gadd, cadd, re, im; cbn [fst snd]. rewrite !pval_add. reflexivity. Qed.
Lemma gval_scale c x : gval (gscale c x) = cmul (real (ofZ c)) (gval x).
Proof. unfold gval, gscale, cmul, real, re, im; cbn [fst snd]. rewrite !pval_scale. f_equal; ring. Qed.
Lemma gval_mul x y : gval (gmul x y) = cmul (gval x) (gval y).
Proof.
  unfold gval, gmul, cmul, re, im; cbn [fst snd]. rewrite !pval_add, !pval_scale, !pval_mul, ofZ_m1. f_equal; ring.
Qed.
Lemma gval_conj x : gval (gconj x) = conj (gval x).
Proof. unfold gval, gconj, conj, re, im; cbn [fst snd]. rewrite pval_scale, ofZ_m1. f_equal; ring. Qed.
Lemma gzero_sound x : gzero x = true -> gval x = c0.
Proof.
  unfold gzero. rewrite andb_true_iff. intros [H1 H2]. unfold gval. rewrite !pzero_sound by assumption. reflexivity.
Qed.
Lemma gval_reduce k x : is_root theta k -> (0 < degree k)%nat -> gval (greduce k x) = gval x.
Proof. intros R D. unfold gval, greduce; cbn [fst snd]. rewrite !(pval_reduce K theta k R D). reflexivity. Qed.
End Gauss.
